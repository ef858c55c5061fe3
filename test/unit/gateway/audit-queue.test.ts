import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { AuditQueue } from '../../../center/gateway/audit-queue.ts';
import { firstForgedAudit } from '../../../center/store/audit-log.ts';
import { fail } from '../../../contract/errors.ts';
import { AgentId } from '../../../contract/ids.ts';
import { settle, TestClock } from '../center/center-stage.ts';
import { temporaryStore } from '../store/support.ts';

async function stage() {
  const { db } = await temporaryStore();
  const clock = new TestClock();
  const logged: string[] = [];
  const log = (_fields: Record<string, unknown>, message: string): void => void logged.push(message);
  const queue = new AuditQueue(db, clock, { info: log, warn: log, error: log });
  const write = (action: string) => queue.write({ at: clock.now(), actor: AgentId.parse('agent1'), action, subject: '', address: '', details: { long: 'x'.repeat(3000) } });
  const actions = async () => (await db.selectFrom('audit').select('action').orderBy('id').execute()).map(({ action }) => action);
  // What its migrations have left free would be room.
  await sql`VACUUM`.execute(db);
  const fill = async (isFull: boolean) => void (await sql`PRAGMA max_page_count = ${sql.lit(isFull ? 1 : 1_000_000)}`.execute(db));
  return { db, clock, logged, queue, write, actions, fill };
}

describe('the audit log', () => {
  it('has what was done while the disk was full, in order and unforged, as soon as there is room', async () => {
    const { db, clock, write, actions, fill } = await stage();
    await write('first');
    await fill(true);
    for (const action of ['second', 'third', 'fourth']) await write(action);
    await clock.pass(5000);
    const meanwhile = await actions();
    expect(meanwhile.length).toBeLessThan(4);
    await fill(false);
    await clock.pass(2000);
    await settle();
    expect(await actions()).toEqual(['first', 'second', 'third', 'fourth']);
    expect(await firstForgedAudit(db)).toBeNull();
  });

  it('that a center is closed with and cannot write is said', async () => {
    const { logged, queue, write, fill } = await stage();
    await fill(true);
    for (let i = 0; i < 5; i++) await write(`action ${i}`);
    await queue.close();
    expect(logged.some((message) => message.includes('are lost'))).toBe(true);
  });
});

describe('failure: the audit log', () => {
  it.each(['forbidden', 'customer.conflict', 'not-found'] as const)('is not filled by one person who is answered %s without end', async (code) => {
    const { clock, queue, actions } = await stage();
    const ask = (actor: string) => queue.ended({ at: clock.now(), actor: AgentId.parse(actor), action: 'customers.update', subject: '', address: '', details: {} }, fail(code, ''));
    for (let i = 0; i < 100; i++) await ask('agent1');
    const before = (await actions()).length;
    await ask('agent2');
    expect([before <= 10, (await actions()).length]).toEqual([true, before + 1]);
    await clock.pass(60_000);
    await ask('agent1');
    expect(await actions()).toHaveLength(before + 2);
  });

  it('refuses what would be done beside too many entries that wait', async () => {
    const { write, fill } = await stage();
    await fill(true);
    await expect(
      (async () => {
        for (let i = 0; i < 10_100; i++) await write(`action ${i}`);
      })(),
    ).rejects.toThrow('too many entries');
  });
});
