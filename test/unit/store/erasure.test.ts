import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { appendAudit, firstForgedAudit } from '../../../center/store/audit-log.ts';
import { changesAfter } from '../../../center/store/changes.ts';
import { plainLine, type TimelineEntry } from '../../../contract/customer.ts';
import { AgentId, ContactId, GroupId, type CustomerId } from '../../../contract/ids.ts';
import { bytesAt } from './places.ts';
import { draft, eraseContactsBefore, eraseCustomer, eraseEventsBefore, logOf, NOW, temporaryFolder, temporaryStore, valueOf } from './support.ts';

const ADMIN = AgentId.parse('admin');
const PERSON = { name: 'PERSONTOFORGET', warning: 'WARNINGOFTHEM', note: 'NOTEABOUTTHEM', numbers: [{ e164: '+821012345678', label: '' }, { e164: '+82212345678', label: '' }] };
const TRACES = ['PERSONTOFORGET', 'WARNINGOFTHEM', 'NOTEABOUTTHEM', 'MEMOOFTHECALL', '+821012345678', '+82212345678', '1012345678'];
const request = (customerId: CustomerId) => ({ customerId, by: ADMIN, address: '192.0.2.7', reason: 'asked for by letter', now: NOW });

const entry = (fields: Partial<TimelineEntry>): TimelineEntry => ({
  ...plainLine,
  contactId: ContactId.parse('k1'), customerId: null, number: '+821012345678', kind: 'inbound', startedAt: NOW, groupId: GroupId.parse('orders'), groupName: '주문',
  agentId: AgentId.parse('agent1'), agentName: '상담원 1', outcome: 'answered', talkMs: 5000, disposition: '배송 문의', memo: 'MEMOOFTHECALL', ...fields,
});

/** A store, readable as it lies on the disk, with one person of many and what a center knows of them. */
async function office() {
  const folder = await temporaryFolder();
  const path = join(folder, 'center.db');
  const store = await temporaryStore(path);
  const { records, db } = store;
  const person = valueOf(await records.createCustomer(draft(PERSON)));
  const other = valueOf(await records.createCustomer(draft({ name: '고객 0002', numbers: [{ e164: '+821099998888', label: '' }] })));
  await records.append([{ type: 'contact.started', at: NOW, contactId: ContactId.parse('k1'), agentId: null, groupId: null, data: { kind: 'inbound' } }]);
  for (const id of ['k1', 'k2']) await records.putTimelineEntries([entry({ contactId: ContactId.parse(id), customerId: person.customerId })]);
  await records.putTimelineEntries([entry({ contactId: ContactId.parse('k3'), number: '+82212345678' })]);
  await records.putTimelineEntries([entry({ contactId: ContactId.parse('k4'), number: '+821099998888', customerId: other.customerId, memo: 'of another' })]);
  await appendAudit(db, { at: NOW, actor: ADMIN, action: 'recording.download', subject: person.customerId, address: '', details: {}, note: 'PERSONTOFORGET asked' });
  const { cursor, mark } = await changesAfter(db, { cursor: 0, mark: null }, 1000);
  const held = async () => {
    const kept = await bytesAt(path);
    return TRACES.filter((text) => kept.includes(text));
  };
  return { store, db, records, folder, person, other, desk: { cursor, mark }, held };
}

describe('a customer who is erased', () => {
  it('is in no table any more, nor, where it is a file, in any byte of it, while the center goes on and after it', async () => {
    const { db, person, held, store } = await office();
    expect(await held()).toEqual(TRACES);
    expect(await eraseCustomer(db, request(person.customerId))).toEqual({ ok: true, value: { numbers: 2, contacts: 3, left: [] } });
    expect(await held()).toEqual([]);
    await store.close();
    expect(await held()).toEqual([]);
  });

  it('leaves desks’ caches with the next changes, and so do their memos and numbers', async () => {
    const { db, person, desk } = await office();
    valueOf(await eraseCustomer(db, request(person.customerId)));
    const page = await changesAfter(db, desk, 1000);
    expect(page.removed).toEqual([person.customerId]);
    expect(page.timeline.map(({ contactId, customerId, number, memo, talkMs, agentId }) => [contactId, customerId, number, memo, talkMs, agentId])).toEqual(['k1', 'k2', 'k3'].map((id) => [id, null, '', '', 5000, 'agent1']));
    expect(page.reset).toBe(false);
  });

  it('leaves others as they were, and the log of who did it, from where and why', async () => {
    const { db, records, person, other } = await office();
    valueOf(await eraseCustomer(db, request(person.customerId)));
    expect(await records.customer(other.customerId)).toEqual(other);
    expect(await db.selectFrom('contacts').select('memo').where('contact_id', '=', 'k4').execute()).toEqual([{ memo: 'of another' }]);
    const audit = await db.selectFrom('audit').selectAll().orderBy('id').execute();
    expect(audit.map(({ action, note }) => [action, note])).toEqual([['recording.download', null], ['customers.erased', 'asked for by letter']]);
    expect(audit[1]).toMatchObject({ actor: 'admin', subject: person.customerId, address: '192.0.2.7', details: '{"numbers":2,"contacts":3,"left":[]}' });
    expect(await firstForgedAudit(db)).toBeNull();
  });

  it('comes back as a stranger', async () => {
    const { db, records, person } = await office();
    valueOf(await eraseCustomer(db, request(person.customerId)));
    expect([await records.customerByNumber('+821012345678'), await records.customer(person.customerId)]).toEqual([null, null]);
    expect((await records.createCustomer(draft(PERSON))).ok).toBe(true);
  });
});

describe('a number that somebody else’s memo holds', () => {
  it('is told where it is: nobody but a person can say whose words those are', async () => {
    const { db, records, person } = await office();
    await records.putTimelineEntries([entry({ contactId: ContactId.parse('k4'), number: '+821099998888', memo: 'call +821012345678 back' })]);
    expect(await eraseCustomer(db, request(person.customerId))).toMatchObject({ ok: true, value: { left: ['contacts.memo'] } });
  });
});

describe('failure: a customer who cannot be erased', () => {
  it('is one that is not there', async () => {
    const { db, person } = await office();
    valueOf(await eraseCustomer(db, request(person.customerId)));
    expect(await eraseCustomer(db, request(person.customerId))).toMatchObject({ ok: false, error: { code: 'customer.not-found' } });
  });

  it('is one who is on a call: nothing is changed', async () => {
    const { db, records, person } = await office();
    await sql`INSERT INTO live_contacts VALUES ('k9', ${JSON.stringify({ number: '+82212345678' })}, 1)`.execute(db);
    expect(await eraseCustomer(db, request(person.customerId))).toMatchObject({ ok: false, error: { code: 'contact.action-not-allowed' } });
    expect(await records.customer(person.customerId)).toEqual(person);
  });

  it.each(['PERSONTOFORGET asked', 'the owner of 010-1234-5678', 'caller 02 1234 5678'])('is not named in the reason, which stays: %s', async (reason) => {
    const { db, person } = await office();
    expect(await eraseCustomer(db, { ...request(person.customerId), reason })).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    expect(await db.selectFrom('audit').selectAll().execute()).toHaveLength(1);
  });
});

describe('what has been kept long enough', () => {
  it('is nobody’s contact then, and desks hear of it; newer ones stay', async () => {
    const { db, records, desk } = await office();
    await records.putTimelineEntries([entry({ contactId: ContactId.parse('k5'), startedAt: NOW + 10 })]);
    expect(await eraseContactsBefore(db, NOW + 1)).toBe(4);
    expect(await eraseContactsBefore(db, NOW + 1)).toBe(0);
    const { timeline } = await changesAfter(db, desk, 1000);
    expect(timeline.map(({ contactId, number, memo }) => [contactId, number !== '', memo !== ''])).toEqual([['k5', true, true], ['k1', false, false], ['k2', false, false], ['k3', false, false], ['k4', false, false]]);
  });

  it('is no line of the event log any more', async () => {
    const { db, records } = await office();
    await records.append(Array.from({ length: 4500 }, (_, at) => ({ type: 'x', at, contactId: null, agentId: null, groupId: null, data: {} })));
    expect(await eraseEventsBefore(db, NOW)).toBe(4500);
    expect((await logOf({ db })).map(({ type }) => type)).toEqual(['contact.started']);
    await expect(sql`DELETE FROM events`.execute(db)).rejects.toThrow('append-only');
  });
});
