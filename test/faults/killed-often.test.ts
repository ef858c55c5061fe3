import { join } from 'node:path';
import { expect, it } from 'vitest';
import { firstForgedAudit } from '../../center/store/audit-log.ts';
import { between, seededRandom } from '../../center/store/demo/random.ts';
import { loadStoreKey, openStore } from '../../center/store/index.ts';
import { systemClock } from '../../server/clock.ts';
import { ContactId, CustomerId } from '../../contract/ids.ts';
import { Office } from '../support/cast/office.ts';
import { until } from '../support/until.ts';
import { BusyOffice, Facts } from './support/busy-office.ts';
import { Program } from './support/program.ts';
import { Saved } from './support/saved.ts';

/** The same seed gives the same moments; `SANGDAM_TEST_SEED` repeats a run. */
const SEED = Number(process.env['SANGDAM_TEST_SEED'] ?? Math.floor(Math.random() * 1e9));
/** `SANGDAM_TEST_KILLS=100` is the whole of it. */
const KILLS = Number(process.env['SANGDAM_TEST_KILLS'] ?? 8);
const LONGEST_START_MS = 2500;
const LONGEST_WORK_MS = 5000;
const PASSWORD = 'sangdam-demo';

it(`a center that is killed ${KILLS} times, its first start included, starts each time and has everything that it acknowledged (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const program = await Program.make();
  const facts = new Facts();
  for (let kill = 0; kill < KILLS; kill++) {
    // The first ones cut the first start short.
    if (kill < 2 || random() < 0.2) {
      await program.startAndKill(between(random, 0, LONGEST_START_MS));
      continue;
    }
    await program.startAgain();
    const office = await BusyOffice.open(program, facts, random);
    await new Promise((resolve) => setTimeout(resolve, between(random, 0, LONGEST_WORK_MS)));
    const { problems } = office;
    expect(problems, `seed ${SEED}`).toEqual([]);
    await program.kill();
    await office.close();
  }

  await workUntilACallIsCompleted(program, facts, random);
  await program.startAgain();
  const office = await Office.open(program.origin, 'supervisor', PASSWORD);
  expect(missing(facts, office), `seed ${SEED}`).toEqual([]);
  expect(missing(invented(), office)).toHaveLength(4);
  office.close();
  await program.kill();
  const file = join(program.dataFolder, 'center.db');
  const store = await openStore({ file, key: await loadStoreKey(file), clock: systemClock, logger: { info: () => {}, warn: () => {}, error: () => {} } });
  expect(await firstForgedAudit(store.db)).toBeNull();
  expect(await store.db.selectFrom('set_aside').selectAll().execute()).toEqual([]);
  await store.close();
  process.stdout.write(`kept over ${KILLS} kills: ${facts.customers.size} customers, the memos of ${facts.memos.size} calls, ${facts.completed.size} of them completed\n`);
  expect(facts.count).toBeGreaterThan(KILLS);
  expect([...facts.completed].every((contactId) => facts.memos.has(contactId))).toBe(true);
}, KILLS * 20_000 + 60_000);

/** However unlucky the moments were: a call with a memo is among what is looked for. */
async function workUntilACallIsCompleted(program: Program, facts: Facts, random: () => number): Promise<void> {
  await program.startAgain();
  const { size } = facts.completed;
  const office = await BusyOffice.open(program, facts, random);
  await until('a call with its memo is completed', () => facts.completed.size > size || office.problems.length > 0, 60_000);
  expect(office.problems, `seed ${SEED}`).toEqual([]);
  await program.kill();
  await office.close();
}

/** What nobody was ever told: that it is missing must show. */
function invented(): Facts {
  const facts = new Facts();
  const saved = new Saved<string>();
  saved.acknowledge('말한 적 없는 말');
  facts.customers.set(CustomerId.parse('nobody'), saved);
  facts.memos.set(ContactId.parse('never'), saved);
  facts.memos.set(ContactId.parse('nowhere'), saved);
  facts.completed.add(ContactId.parse('never'));
  return facts;
}

/** What somebody was told is kept, and is not there. */
function missing(facts: Facts, office: Office): string[] {
  const { customers, timeline } = office.everything;
  const lost: string[] = [];
  for (const [customerId, saved] of facts.customers) {
    const name = customers.get(customerId)?.name;
    if (name === undefined || !saved.allows(name)) lost.push(`customer ${customerId}: ${String(name)} instead of ${saved.toString()}`);
  }
  for (const [contactId, saved] of facts.memos) {
    const entry = timeline.get(contactId);
    if (entry === undefined || !saved.allows(entry.memo)) lost.push(`memo of ${contactId}: ${String(entry?.memo)} instead of ${saved.toString()}`);
  }
  for (const contactId of facts.completed) if (timeline.get(contactId)?.outcome !== 'answered') lost.push(`call ${contactId}: ${String(timeline.get(contactId)?.outcome)}`);
  if (!facts.door.allows(office.openOverride('주문'))) lost.push(`the door: ${String(office.openOverride('주문'))} instead of ${facts.door.toString()}`);
  return lost;
}
