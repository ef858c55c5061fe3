import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { SavedContact } from '../../../center/calls/saved-contact.ts';
import { appendAudit, firstForgedAudit } from '../../../center/store/audit-log.ts';
import { liveContacts } from '../../../center/store/live-contacts.ts';
import { migrations } from '../../../center/store/migrations/index.ts';
import type { Tables } from '../../../center/store/tables.ts';
import { logOf, NOW, temporaryFolder, temporaryStore } from './support.ts';

const NUMBER = '+821012345678';

const saved = (fields: Partial<SavedContact> = {}): SavedContact => ({
  kind: 'inbound', startedAt: NOW, dialled: '+8215880000', number: NUMBER, groupId: null, customerId: null, customerName: '', callerName: '', flowPath: [], queuedAt: null, waitedMs: null, waitingAt: null, parts: [],
  dispositionId: null, memo: '', answered: false, handledBy: null, legs: [], consultation: null, ...fields,
});

/** Whether any file of the folder holds this text. */
const holds = (folder: string, text: string): boolean => readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(text));

/** A database as the program before the seventh migration left it. */
async function formerStore(fill: (db: Kysely<Tables>) => Promise<void>): Promise<string> {
  const file = join(await temporaryFolder(), 'center.db');
  const sqlite = new Sqlite(file);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) });
  for (const [name, migration] of Object.entries(migrations)) if (Number(name.slice(0, 4)) <= 4) await migration.up(db);
  await fill(db);
  sqlite.pragma('user_version = 4');
  await db.destroy();
  return file;
}

describe('a store of a former program', () => {
  it('loses what was personal in its logs, keeps what they count, and its unfinished contacts', async () => {
    const file = await formerStore(async (db) => {
      const event = (type: string, contact: string, data: unknown) => sql`INSERT INTO events (at, type, contact_id, data) VALUES (${NOW}, ${type}, ${contact}, ${JSON.stringify(data)})`.execute(db);
      await event('contact.started', 'done', { kind: 'inbound', number: NUMBER, dialled: '+8215880000' });
      await event('contact.saved', 'done', saved({ memo: 'MEMO OF THE LOG' }));
      await event('contact.transferred', 'done', { to: 'NAME IN THE LOG' });
      await event('contact.ended', 'done', { outcome: 'answered', talkMs: 5, kind: 'inbound' });
      await sql`INSERT INTO timeline VALUES ('done', NULL, '', 'inbound', ${NOW}, NULL, '', NULL, '', 'answered', 5, '', '', 1)`.execute(db);
      await event('contact.started', 'talking', { kind: 'inbound', number: NUMBER, dialled: '+8215880000' });
      await event('contact.saved', 'talking', saved({ memo: '배송지 변경' }));
      await event('contact.started', 'ringing', { kind: 'outbound', number: NUMBER, dialled: '1001' });
    });
    const { db } = await temporaryStore(file);
    const events = await logOf({ db });
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ['contact.started', { kind: 'inbound' }],
      ['contact.transferred', {}],
      ['contact.ended', { outcome: 'answered', talkMs: 5, kind: 'inbound' }],
      ['contact.started', { kind: 'inbound' }],
      ['contact.started', { kind: 'outbound' }],
    ]);
    expect(new Set((await liveContacts(db)).map(({ contactId, saved: { number, memo, kind } }) => [contactId, number, memo, kind].join(' ')))).toEqual(new Set([`ringing ${NUMBER}  outbound`, `talking ${NUMBER} 배송지 변경 inbound`]));
    await db.deleteFrom('live_contacts').execute();
    await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db);
    for (const text of [NUMBER, 'MEMO OF THE LOG', 'NAME IN THE LOG']) expect([text, holds(dirname(file), text)]).toEqual([text, false]);
  });

  it('tells the next center what is not at its end, in the log or in the history, and where agents were: of the last day, without reading it again', async () => {
    const DAY_MS = 86_400_000;
    const file = await formerStore(async (db) => {
      const line = (at: number, type: string, ids: { contact?: string; agent?: string }, data: unknown) => sql`INSERT INTO events (at, type, contact_id, agent_id, data) VALUES (${at}, ${type}, ${ids.contact ?? null}, ${ids.agent ?? null}, ${JSON.stringify(data)})`.execute(db);
      const away = (reason: string) => ({ from: { name: 'READY' }, to: { name: 'NOT_READY', reason } });
      await line(NOW - 2 * DAY_MS, 'contact.started', { contact: 'of-long-ago' }, { kind: 'inbound' });
      await line(NOW - 2 * DAY_MS, 'agent.changed', { agent: 'agent9' }, away('meal'));
      await line(NOW, 'agent.changed', { agent: 'agent1' }, away('meal'));
      await line(NOW + 1, 'agent.changed', { agent: 'agent1' }, away('break'));
      for (const contact of ['whole', 'not-in-history', 'not-ended']) await line(NOW + 2, 'contact.started', { contact }, { kind: 'outbound' });
      await line(NOW + 2, 'contact.saved', { contact: 'not-in-history' }, saved({ kind: 'outbound', startedAt: NOW + 2 }));
      for (const contact of ['whole', 'not-in-history']) await line(NOW + 3, 'contact.ended', { contact, agent: 'agent1' }, { outcome: 'answered', talkMs: 5, kind: 'outbound' });
      for (const [revision, contact] of ['of-long-ago', 'whole', 'not-ended'].entries()) await sql`INSERT INTO timeline VALUES (${contact}, NULL, '', 'outbound', ${NOW}, NULL, '', NULL, '', 'answered', 5, '', '', ${revision + 1})`.execute(db);
    });
    const { records } = await temporaryStore(file);
    const former = await records.formerRun({ agentsSince: NOW - DAY_MS, diallingSince: NOW });
    expect(former.lastSignAt).toBe(NOW + 3);
    expect(former.agents).toEqual([{ agentId: 'agent1', state: { name: 'NOT_READY', reason: 'break' } }]);
    expect(former.unfinished.toSorted((a, b) => a.contactId.localeCompare(b.contactId))).toEqual([
      { contactId: 'not-ended', startedAt: NOW + 2, kind: 'outbound', ended: null },
      { contactId: 'not-in-history', startedAt: NOW + 2, kind: 'outbound', ended: { at: NOW + 3, outcome: 'answered', talkMs: 5, agentId: 'agent1', groupId: null } },
    ]);
  });

  it('has an audit log that is whole, and goes on', async () => {
    const file = await formerStore(async (db) => {
      await sql`INSERT INTO audit (at, actor, action, subject, address, details, previous_hash, hash) VALUES (1, NULL, 'auth.refused', 'agent1', '', '{"client":"web"}', ${'0'.repeat(64)}, '2d26967b0d098e49ceb062da06d18dc02a6cca5ac6eec79b98b3108bb0925ad7')`.execute(db);
    });
    const { db } = await temporaryStore(file);
    await appendAudit(db, { at: NOW, actor: null, action: 'x', subject: 'y', address: '', details: {} });
    expect(await firstForgedAudit(db)).toBeNull();
  });
});
