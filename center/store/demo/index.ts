import { allAccounts } from '../accounts.ts';
import { hashPassword, verifyPassword } from '../passwords.ts';
import { insertLegs } from '../contact-legs.ts';
import { insertConfiguration } from '../configuration.ts';
import { insertCustomer } from '../customers.ts';
import { metaValue } from '../meta.ts';
import { nextRevision } from '../revision.ts';
import { endFamilies } from '../sessions.ts';
import type { Database, Reader, Writer } from '../tables.ts';
import { contactRow } from '../contacts.ts';
import { DEMO_PASSWORD, demoConfiguration } from './office.ts';
import { demoPeople, type DemoPeople } from './people.ts';

export { DEMO_PASSWORD, isDemoPhone } from './office.ts';

const SEED_KEY = 'demoSeed';
/** Rows of one INSERT, below SQLite's limit of bound parameters. */
const BATCH = 200;

/** Whether this store was filled with the demo's data and secrets. */
export const isDemoStore = async (db: Reader): Promise<boolean> => (await metaValue(db, SEED_KEY)) !== null;

/** Whether anyone has set this store up. */
export async function isEmptyStore(db: Reader): Promise<boolean> {
  return (await db.selectFrom('people').select('agent_id').limit(1).executeTakeFirst()) === undefined;
}

/**
 * Fills an empty store with the demo's office, customers and histories, in one transaction.
 * A store that anyone has set up is left alone. Answers whether it was filled.
 * @param customers how many; by default as many as the demo has
 */
export async function seedDemo(db: Database, now: number, customers?: number): Promise<boolean> {
  if (!(await isEmptyStore(db))) return false;
  const configuration = demoConfiguration();
  const people = demoPeople(configuration, now, customers);
  const hashes = new Map(await Promise.all(configuration.people.map(async ({ account }) => [account, await hashPassword(DEMO_PASSWORD)] as const)));
  await db.transaction().execute(async (tx) => {
    await insertConfiguration(tx, configuration, (account) => hashes.get(account) ?? '');
    await insertPeople(tx, people);
    await tx.insertInto('meta').values({ key: SEED_KEY, value: String(now) }).execute();
  });
  return true;
}

/**
 * Ends the sign-ins of everybody who still has the demo's password, in a store that the demo once filled: one made while
 * it was the demo must not go on when it no longer is. Answers their accounts.
 */
export async function endDemoSignIns(db: Database, now: number): Promise<string[]> {
  if (!(await isDemoStore(db))) return [];
  const checked = await Promise.all((await allAccounts(db)).map(async (person) => ({ ...person, isDemo: await verifyPassword(person.passwordHash, DEMO_PASSWORD) })));
  const demo = checked.filter(({ isDemo }) => isDemo);
  for (const { agentId } of demo) await endFamilies(db, agentId, now);
  return demo.map(({ account }) => account);
}

async function insertPeople(db: Writer, { customers, timeline }: DemoPeople): Promise<void> {
  let revision = await nextRevision(db, customers.length + timeline.length);
  for (const customer of customers) await insertCustomer(db, customer, revision++);
  for (let from = 0; from < timeline.length; from += BATCH) {
    const some = timeline.slice(from, from + BATCH);
    await db.insertInto('contacts').values(some.map((entry) => contactRow(entry, revision++))).execute();
    await insertLegs(db, some);
  }
}
