import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { SavedContact } from '../../../center/calls/saved-contact.ts';
import { appendAudit, eraseAuditNotes, firstForgedAudit } from '../../../center/store/audit-log.ts';
import { liveContacts } from '../../../center/store/live-contacts.ts';
import { migrations } from '../../../center/store/migrations/index.ts';
import type { Tables } from '../../../center/store/tables.ts';
import { plainLine, type TimelineEntry } from '../../../contract/customer.ts';
import { ContactId } from '../../../contract/ids.ts';
import { logOf, NOW, temporaryFolder, temporaryStore } from './support.ts';

const NUMBER = '+821012345678';
const K1 = ContactId.parse('k1');

const saved = (fields: Partial<SavedContact> = {}): SavedContact => ({
  kind: 'inbound', startedAt: NOW, dialled: '+8215880000', number: NUMBER, groupId: null, customerId: null, customerName: '', callerName: '', flowPath: [], queuedAt: null, waitedMs: null, waitingAt: null, parts: [],
  dispositionId: null, memo: '', answered: false, handledBy: null, legs: [], consultation: null, ...fields,
});

const kept = (fields: Partial<SavedContact>) => ({ type: 'contact.saved', at: NOW, contactId: K1, agentId: null, groupId: null, data: { ...saved(fields) } });

const entry = (): TimelineEntry => ({ ...plainLine, contactId: K1, customerId: null, number: NUMBER, kind: 'inbound', startedAt: NOW, groupId: null, groupName: '', agentId: null, agentName: '', outcome: 'answered', talkMs: 1, disposition: '', memo: '' });

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

describe('a contact under way', () => {
  it('is kept beside the log, the last of it alone, until it is in the history', async () => {
    const { records, db } = await temporaryStore();
    await records.append([kept({ memo: '첫 메모' }), { ...kept({}), type: 'contact.started', data: { kind: 'inbound' } }, kept({ memo: '둘째 메모' })]);
    expect(await liveContacts(db)).toEqual([{ contactId: K1, saved: saved({ memo: '둘째 메모' }) }]);
    expect((await logOf({ db })).map(({ type }) => type)).toEqual(['contact.started']);
    await records.putTimelineEntries([entry()]);
    // A line that was waiting for the disk comes after it.
    await records.append([kept({ memo: 'late' })]);
    expect(await liveContacts(db)).toEqual([]);
    expect(await db.selectFrom('live_contacts').selectAll().execute()).toEqual([]);
  });
});

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

describe('a note of the audit log', () => {
  const noted = { at: NOW, actor: null, action: 'customer.erase', subject: 'cu-1', address: '', details: {}, note: 'asked for by letter' };

  it('can be erased, and the log is whole before and after', async () => {
    const { db } = await temporaryStore();
    for (const each of [noted, { ...noted, subject: 'cu-2' }, { ...noted, note: 'again' }]) await appendAudit(db, each);
    expect(await firstForgedAudit(db)).toBeNull();
    await eraseAuditNotes(db, 'cu-1');
    expect((await db.selectFrom('audit').select('note').execute()).map(({ note }) => note)).toEqual([null, 'asked for by letter', null]);
    expect(await firstForgedAudit(db)).toBeNull();
  });

  it('can be nothing but erased', async () => {
    const { db } = await temporaryStore();
    await appendAudit(db, noted);
    await expect(sql`UPDATE audit SET note = 'another'`.execute(db)).rejects.toThrow('audit is append-only');
    for (const change of [sql`subject = 'cu-2'`, sql`actor = 'agent1'`, sql`note_digest = NULL`, sql`at = 5`]) {
      await expect(sql`UPDATE audit SET note = NULL, note_salt = NULL, ${change}`.execute(db)).rejects.toThrow('audit is append-only');
    }
    await expect(sql`DELETE FROM audit`.execute(db)).rejects.toThrow('audit is append-only');
    await sql`DROP TRIGGER audit_refuses_update`.execute(db);
    await sql`UPDATE audit SET note = 'another'`.execute(db);
    expect(await firstForgedAudit(db)).toBe(1);
  });
});

describe('the event log', () => {
  it('gives up what has expired, and nothing else', async () => {
    const { records, db } = await temporaryStore();
    await records.append([1, 2, 3].map((at) => ({ at, type: 'x', contactId: null, agentId: null, groupId: null, data: {} })));
    await expect(sql`DELETE FROM events`.execute(db)).rejects.toThrow('events is append-only');
    await sql`INSERT INTO retention VALUES ('events', 3)`.execute(db);
    await expect(sql`DELETE FROM events`.execute(db)).rejects.toThrow('events is append-only');
    await sql`DELETE FROM events WHERE at < 3`.execute(db);
    expect((await logOf({ db })).map(({ at }) => at)).toEqual([3]);
    await expect(sql`UPDATE events SET data = '{}'`.execute(db)).rejects.toThrow('events is append-only');
  });
});
