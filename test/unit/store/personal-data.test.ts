import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { SavedContact } from '../../../center/calls/saved-contact.ts';
import { appendAudit, eraseAuditNotes, firstForgedAudit } from '../../../center/store/audit-log.ts';
import { liveContacts } from '../../../center/store/live-contacts.ts';
import { plainLine, type TimelineEntry } from '../../../contract/customer.ts';
import { ContactId } from '../../../contract/ids.ts';
import { dropRefusal } from './harm.ts';
import { logOf, NOW, temporaryStore } from './support.ts';

const NUMBER = '+821012345678';
const K1 = ContactId.parse('k1');

const saved = (fields: Partial<SavedContact> = {}): SavedContact => ({
  kind: 'inbound', startedAt: NOW, dialled: '+8215880000', number: NUMBER, groupId: null, customerId: null, customerName: '', callerName: '', flowPath: [], queuedAt: null, waitedMs: null, waitingAt: null, parts: [],
  dispositionId: null, memo: '', answered: false, handledBy: null, legs: [], consultation: null, ...fields,
});

const kept = (fields: Partial<SavedContact>) => ({ type: 'contact.saved', at: NOW, contactId: K1, agentId: null, groupId: null, data: { ...saved(fields) } });

const entry = (): TimelineEntry => ({ ...plainLine, contactId: K1, customerId: null, number: NUMBER, kind: 'inbound', startedAt: NOW, groupId: null, groupName: '', agentId: null, agentName: '', outcome: 'answered', talkMs: 1, disposition: '', memo: '' });

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

describe('a note of the audit log', () => {
  const noted = { at: NOW, actor: null, action: 'customer.erase', subject: 'cu-1', address: '', details: {}, note: 'asked for by letter' };

  it('can be erased, and the log is whole before and after', async () => {
    const { db } = await temporaryStore();
    for (const each of [noted, { ...noted, subject: 'cu-2' }, { ...noted, note: 'again' }]) await appendAudit(db, each);
    expect(await firstForgedAudit(db)).toBeNull();
    await eraseAuditNotes(db, 'cu-1');
    expect((await db.selectFrom('audit').select('note').orderBy('id').execute()).map(({ note }) => note)).toEqual([null, 'asked for by letter', null]);
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
    await dropRefusal(db, 'audit', 'update');
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
