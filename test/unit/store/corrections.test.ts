import { describe, expect, it } from 'vitest';
import { firstForgedAudit } from '../../../center/store/audit-log.ts';
import { plainLine, type TimelineEntry } from '../../../contract/customer.ts';
import { AgentId, ContactId } from '../../../contract/ids.ts';
import { draft, eraseContactsBefore, eraseCustomer, NOW, temporaryStore, valueOf } from './support.ts';

const K1 = ContactId.parse('k1');
const agent1 = AgentId.parse('agent1');
const ASKED = '+821099998888';

const entry = (fields: Partial<TimelineEntry> = {}): TimelineEntry => ({
  ...plainLine, contactId: K1, customerId: null, number: '+821012345678', kind: 'inbound', startedAt: NOW, groupId: null, groupName: '', agentId: agent1, agentName: '상담원 1', outcome: 'answered', talkMs: 1,
  disposition: '배송 문의', memo: 'MEMOOFTHECALL', ...fields,
});
const outside = { kind: 'talked', at: NOW, agentId: null, name: '', number: ASKED, as: 'transferred', from: '', talkMs: 1, holdMs: 0, consultMs: 0, to: '' } as const;
const mine = { kind: 'talked', at: NOW, agentId: agent1, name: '상담원 1', number: '', as: 'answered', from: '', talkMs: 98_000, holdMs: 0, consultMs: 0, to: ASKED } as const;

async function store() {
  const opened = await temporaryStore();
  await opened.records.putTimelineEntries([entry({ parts: [mine, outside], waitedMs: 4000, endedBy: 'customer', dispositionMissing: true })]);
  const line = async () => (await opened.records.timelineEntry(K1)) ?? entry();
  const correct = async (memo: string, version?: string) => opened.records.correctEntry({ contactId: K1, version: version ?? (await line()).version, memo, disposition: undefined, by: agent1, byName: '상담원 1', at: NOW + 1 });
  const audit = () => opened.db.selectFrom('audit').selectAll().execute();
  return { ...opened, line, correct, audit };
}

describe('a correction', () => {
  it('is there with another version, marked, and audited with the words of before and after, which are no part of the log', async () => {
    const { line, correct, audit, db } = await store();
    const before = await line();
    const corrected = valueOf(await correct('right now'));
    expect(corrected).toMatchObject({ memo: 'right now', disposition: '배송 문의', corrected: { at: NOW + 1, by: '상담원 1' }, parts: before.parts });
    expect(corrected.version).not.toBe(before.version);
    const [written] = await audit();
    expect(written).toMatchObject({ actor: 'agent1', action: 'contact.corrected', subject: 'k1', details: JSON.stringify({ changed: ['memo'] }) });
    expect(JSON.parse(written?.note ?? '')).toEqual({ before: { memo: 'MEMOOFTHECALL', disposition: '배송 문의' }, after: { memo: 'right now', disposition: '배송 문의' } });
    expect(await firstForgedAudit(db)).toBeNull();
  });

  it('that changes nothing is none', async () => {
    const { correct, audit } = await store();
    expect(valueOf(await correct('MEMOOFTHECALL', 'whatever')).corrected).toBeNull();
    expect(await audit()).toEqual([]);
  });

  it('is still said when whoever works on the contact writes it again', async () => {
    const { correct, line, records } = await store();
    await correct('right now');
    await records.putTimelineEntries([entry({ memo: 'right now' })]);
    expect(await line()).toMatchObject({ corrected: { by: '상담원 1' } });
  });

  it('brings a missing disposition', async () => {
    const { records, line } = await store();
    await records.correctEntry({ contactId: K1, version: null, memo: undefined, disposition: '기타', by: agent1, byName: '', at: NOW });
    expect(await line()).toMatchObject({ disposition: '기타', dispositionMissing: false });
  });

  describe('failure: nothing is written', () => {
    it('over another version, and where there is no such contact', async () => {
      const { correct, records, line } = await store();
      expect(await correct('mine', 'older')).toMatchObject({ error: { code: 'contact.conflict', present: { memo: 'MEMOOFTHECALL' } } });
      expect(await records.correctEntry({ contactId: ContactId.parse('k9'), version: null, memo: 'x', disposition: undefined, by: agent1, byName: '', at: NOW })).toMatchObject({ error: { code: 'contact.not-found' } });
      expect(await line()).toMatchObject({ memo: 'MEMOOFTHECALL', corrected: null });
    });
  });
});

describe('what comes late', () => {
  it('joins the line, and is no correction', async () => {
    const { records } = await store();
    expect(await records.writeLate({ contactId: K1, memo: 'late', base: '', disposition: '기타', customerId: undefined })).toMatchObject({ memo: 'MEMOOFTHECALL\nlate', disposition: '기타', dispositionMissing: false, corrected: null });
    expect(await records.writeLate({ contactId: ContactId.parse('k9'), memo: 'late', base: '', disposition: undefined, customerId: undefined })).toBeNull();
  });
});

describe('an erased contact', () => {
  it('has no words in the audit log, no number that was called in, and takes none any more', async () => {
    const { correct, records, audit, db } = await store();
    await correct('right now');
    expect(await eraseContactsBefore(db, NOW + 1)).toBe(1);
    const row = await db.selectFrom('contacts').selectAll().executeTakeFirstOrThrow();
    const legs = await db.selectFrom('contact_legs').selectAll().orderBy('position').execute();
    expect(JSON.stringify([row, legs, await audit()])).not.toMatch(/right now|MEMOOFTHECALL|99998888/);
    expect(legs).toMatchObject([{ agent_id: 'agent1', talk_ms: 98_000, handed_to: '' }, { number: '' }]);
    expect(await firstForgedAudit(db)).toBeNull();
    expect(await records.writeLate({ contactId: K1, memo: 'late', base: '', disposition: undefined, customerId: undefined })).toBeNull();
    expect(await correct('again', row.version)).toMatchObject({ error: { code: 'contact.not-found' } });
    await records.putTimelineEntries([entry()]);
    expect(await db.selectFrom('contacts').select(['number', 'memo']).execute()).toEqual([{ number: '', memo: '' }]);
    expect(await eraseContactsBefore(db, NOW + 1)).toBe(0);
  });

  it('goes with a customer whom somebody else was handed to, by their number alone', async () => {
    const { records, db } = await store();
    const { customerId } = valueOf(await records.createCustomer(draft({ name: 'Somebody', numbers: [{ e164: ASKED, label: '' }] })));
    const erased = valueOf(await eraseCustomer(db, { customerId, by: agent1, address: '', reason: 'asked for it', now: NOW }));
    expect(erased.left).toEqual([]);
    expect(await db.selectFrom('contacts').selectAll().executeTakeFirstOrThrow()).toMatchObject({ number: '+821012345678', memo: 'MEMOOFTHECALL' });
    expect(JSON.stringify(await db.selectFrom('contact_legs').selectAll().execute())).not.toContain(ASKED);
  });
});
