import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findAccount } from '../../center/store/accounts.ts';
import { addAudit, appendAudit, firstForgedAudit } from '../../center/store/audit-log.ts';
import { openBeside, type Database } from '../../center/store/index.ts';
import { enqueueJob, takeJob } from '../../center/store/jobs.ts';
import { nextRevision } from '../../center/store/revision.ts';
import { putRecoveryCodes, spendRecoveryCode } from '../../center/store/factors.ts';
import { startFamily, rotate } from '../../center/store/sessions.ts';
import { updateCustomer } from '../../center/store/customers.ts';
import { AgentId, ContactId } from '../../contract/ids.ts';
import { placeAt } from '../unit/store/places.ts';
import { demoStore, draft, NOW, temporaryFolder, temporaryStore, valueOf } from '../unit/store/support.ts';

const AGENT = AgentId.parse('agent1');

/** A store, and two more connections to it: writers that share nothing but the database. */
async function writers() {
  const path = join(await temporaryFolder(), 'center.db');
  const store = await temporaryStore(path);
  const beside = async (): Promise<Database> => {
    const db = await openBeside(await placeAt(path));
    onTestFinished(() => db.destroy());
    return db;
  };
  return { store, all: [store.db, await beside(), await beside()] as const };
}

/** Each writer does it so often, all of them at once. */
const together = async <Value>(all: readonly Database[], times: number, act: (db: Database, turn: number) => Promise<Value>): Promise<Value[]> =>
  (await Promise.all(all.flatMap((db, writer) => Array.from({ length: times }, (_, turn) => act(db, writer * times + turn))))).flat() as Value[];

describe('writers that are not one connection', () => {
  it('keep one chain of the audit log', async () => {
    const { store, all } = await writers();
    await together(all, 20, (db, turn) => appendAudit(db, { at: NOW, actor: null, action: 'x', subject: String(turn), address: '', details: {} }));
    expect(await store.db.selectFrom('audit').select('id').execute()).toHaveLength(60);
    expect(await firstForgedAudit(store.db)).toBeNull();
  });

  it('give no revision twice, and none that a reader has gone past appears later', async () => {
    const { store, all } = await writers();
    const writing = { isOver: false };
    const reader = (async () => {
      while (!writing.isOver) {
        const rows = await store.db.selectFrom('contacts').select('revision').orderBy('revision').execute();
        // Every revision below the highest that was seen was there when that was seen.
        const highest = rows.at(-1)?.revision ?? 0;
        expect(rows).toHaveLength(highest);
      }
    })();
    await together(all.slice(1), 20, (db, turn) =>
      db.transaction().execute(async (tx) => {
        const revision = await nextRevision(tx);
        await tx.insertInto('contacts').values({ contact_id: ContactId.parse(`k${turn}`), customer_id: null, number: '', kind: 'inbound', started_at: NOW, group_id: null, group_name: '', agent_id: null, agent_name: '', outcome: 'answered', talk_ms: 0, disposition: '', memo: '', version: '', waited_ms: null, ended_by: null, disposition_missing: 0, corrected_at: null, corrected_by: '', erased: 0, revision }).execute();
      }),
    );
    writing.isOver = true;
    await reader;
    expect(await store.db.selectFrom('contacts').select('contact_id').execute()).toHaveLength(40);
  });

  it('take each job once', async () => {
    const { store, all } = await writers();
    for (let n = 0; n < 30; n++) await enqueueJob(store.db, { kind: 'k', payload: { n }, askedBy: null, now: NOW });
    const taken = await together(all, 12, (db) => takeJob(db, ['k'], { now: NOW, leaseMs: () => 60_000, mostAttempts: () => 3 }));
    const ids = taken.flatMap((job) => job?.jobId ?? []);
    expect([ids.length, new Set(ids).size]).toEqual([30, 30]);
  });

  it('let one of them have a customer’s version, a code and a token, and tell the others', async () => {
    const { store, all } = await writers();
    const customer = valueOf(await store.records.createCustomer(draft({ numbers: [] })));
    const edits = await together(all, 2, (db, turn) => updateCustomer(db, customer.customerId, customer.version, draft({ name: `고객 ${turn}`, numbers: [] }), NOW));
    expect(edits.filter(({ ok }) => ok)).toHaveLength(1);
    await store.db.insertInto('people').values({ agent_id: AGENT, account: 'agent1' }).execute();
    await store.db.insertInto('accounts').values({ agent_id: AGENT, password_hash: '!', password_changed_at: 0, must_change: 0, password_expires_at: null, disabled_at: null }).execute();
    await putRecoveryCodes(store.db, AGENT, ['a code']);
    expect((await together(all, 3, (db) => spendRecoveryCode(db, AGENT, 'a code', NOW))).filter(Boolean)).toHaveLength(1);
    const { refreshToken } = await startFamily(store.db, AGENT, { kind: 'console', generation: 0 }, NOW);
    const traded = await together(all, 3, (db) => rotate(db, new Uint8Array(32), refreshToken, NOW));
    expect(traded.filter((rotation) => rotation.outcome === 'rotated' && !rotation.again)).toHaveLength(1);
  });

  it('see none of what another has not finished, and nothing of what it took back', async () => {
    const { store, all } = await writers();
    const seen: number[] = [];
    const [, one, other] = all;
    await one
      .transaction()
      .execute(async (tx) => {
        await addAudit(tx, { at: NOW, actor: null, action: 'x', subject: 'half', address: '', details: {} });
        seen.push((await other.selectFrom('audit').select('id').execute()).length);
        throw new Error('taken back');
      })
      .catch(() => {});
    seen.push((await store.db.selectFrom('audit').select('id').execute()).length);
    expect(seen).toEqual([0, 0]);
  });
});

describe('texts of a server', () => {
  it('cannot hold one character, which is replaced and stops nothing', async () => {
    const { records } = await temporaryStore();
    const { customerId } = valueOf(await records.createCustomer(draft({ name: 'half\0 of it', numbers: [] })));
    expect((await records.customer(customerId))?.name).toBe('half\uFFFD of it');
  });

  it('are the same account in another case, of ASCII alone, as in a file', async () => {
    const { db } = await demoStore(1);
    expect([(await findAccount(db, 'AGENT1'))?.agentId, await findAccount(db, 'agent１')]).toEqual(['agent1', null]);
  });
});
