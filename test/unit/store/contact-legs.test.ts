import { describe, expect, it } from 'vitest';
import { plainLine, TimelineEntry } from '../../../contract/customer.ts';
import { ContactId } from '../../../contract/ids.ts';
import { contactsIn, elsewhere, GROUP, missed, outside, talked, waited } from './legs.ts';
import { NOW, temporaryStore } from './support.ts';

describe('the legs of a contact', () => {
  const entry = (contactId: string, parts: unknown[], more: Partial<TimelineEntry> = {}): TimelineEntry =>
    TimelineEntry.parse({ ...plainLine, contactId, customerId: null, number: '+821012345678', kind: 'inbound', startedAt: NOW, groupId: 'orders', groupName: '주문', agentId: 'agent1', agentName: '상담원 1', outcome: 'answered', talkMs: 1, disposition: '', memo: '', parts, ...more });

  it('come back as they were, and in place of those before', async () => {
    const { db, records } = await temporaryStore();
    const all = entry('k1', [{ ...elsewhere, groupId: 'support' }, { ...waited, ...GROUP }, missed, { ...talked, consultMs: 7 }, outside]);
    await records.putTimelineEntries([all, entry('k2', [missed])]);
    expect(await contactsIn(db)).toEqual({ k1: all.parts, k2: [missed] });
    await records.putTimelineEntries([entry('k1', [missed])]);
    expect(await contactsIn(db)).toEqual({ k2: [missed], k1: [missed] });
    expect(await records.timelineEntry(ContactId.parse('k1'))).toMatchObject({ parts: [missed] });
  });

  it('say how long each person talked, without a line being taken apart', async () => {
    const { db, records } = await temporaryStore();
    await records.putTimelineEntries([entry('k1', [talked, { ...talked, agentId: 'agent2', talkMs: 1000 }]), entry('k2', [{ ...talked, talkMs: 500 }])]);
    const rows = await db.selectFrom('contact_legs').select((select) => ['agent_id', select.fn.sum<number>('talk_ms').as('talkMs')]).where('kind', '=', 'talked').groupBy('agent_id').orderBy('agent_id').execute();
    expect(rows).toEqual([{ agent_id: 'agent1', talkMs: 98_500.5 }, { agent_id: 'agent2', talkMs: 1000 }]);
  });

  it('that are more than anybody reads are cut, and what is too long, too: the contact is on record', async () => {
    const { db, records } = await temporaryStore();
    await records.putTimelineEntries([entry('k1', Array.from({ length: 500 }, () => ({ ...talked, name: 'x'.repeat(400), to: '\ud800' })))]);
    const { k1 } = await contactsIn(db);
    expect([k1?.length, new Set(k1?.map((part) => (part.kind === 'talked' ? `${part.name.length} ${part.to}` : '')))]).toEqual([60, new Set(['120 \ufffd'])]);
  });

  it('go with their contact', async () => {
    const { db, records } = await temporaryStore();
    await records.putTimelineEntries([entry('k1', [missed])]);
    await db.deleteFrom('contacts').execute();
    expect(await db.selectFrom('contact_legs').selectAll().execute()).toEqual([]);
  });

  it('of a contact that was erased meanwhile are not written again', async () => {
    const { db, records } = await temporaryStore();
    await records.putTimelineEntries([entry('k1', [missed])]);
    await db.updateTable('contacts').set({ erased: 1, number: '' }).execute();
    await records.putTimelineEntries([entry('k1', [outside])]);
    expect(await contactsIn(db)).toEqual({ k1: [missed] });
  });
});
