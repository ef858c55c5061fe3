import { beforeEach, describe, expect, it } from 'vitest';
import { LOOKED_AT, searchContacts } from '../../../center/store/contact-search.ts';
import { EVERYTHING, historyScopeOf, type HistoryScope } from '../../../center/store/scope.ts';
import { endpoints, type ApiRequest } from '../../../contract/api/index.ts';
import { TimelineEntry } from '../../../contract/customer.ts';
import { AgentId, GroupId } from '../../../contract/ids.ts';
import { draft, temporaryStore, valueOf, type TemporaryStore } from './support.ts';

const entry = (contactId: string, more: object = {}): TimelineEntry =>
  TimelineEntry.parse({
    contactId, customerId: null, number: '+821012345678', kind: 'inbound', startedAt: 1, groupId: null, groupName: '', agentId: null, agentName: '', outcome: 'answered', talkMs: 0, disposition: '', memo: '', ...more,
  });
const talked = (agentId: string | null, more: object = {}) => ({ kind: 'talked', at: 1, agentId, name: String(agentId), number: '', as: 'answered', from: '', talkMs: 98_000, holdMs: 0, to: '', ...more });
const waited = (groupId: string) => ({ kind: 'waited', at: 1, groupId, groupName: groupId, ms: 5000 });

describe('the contacts that are over', () => {
  let store: TemporaryStore;
  beforeEach(async () => (store = await temporaryStore()));

  const fill = (entries: TimelineEntry[]) => store.records.putTimelineEntries(entries);
  const search = (query: ApiRequest<'contacts.search'> = {}, scope: HistoryScope = EVERYTHING) => searchContacts(store.db, endpoints['contacts.search'].request.parse(query), scope);
  const ids = async (query: ApiRequest<'contacts.search'> = {}) => (await search(query)).lines.map(({ contactId }) => contactId);
  const [me, other] = [AgentId.parse('a1'), AgentId.parse('a2')];
  const [orders, technical] = [GroupId.parse('orders'), GroupId.parse('technical')];

  it('are newest first', async () => {
    await fill([entry('old', { startedAt: 1 }), entry('new', { startedAt: 3 }), entry('mid', { startedAt: 2 })]);
    expect(await ids()).toEqual(['new', 'mid', 'old']);
  });

  it('of a person are all in which they had a part: what they handed on, once, and not what only rang at them', async () => {
    const missed = { kind: 'missed', at: 1, agentId: 'a1', name: '', why: 'rona' };
    await fill([
      entry('handed-on', { startedAt: 4, agentId: 'a2', parts: [talked('a1'), talked('a2'), talked('a1')] }),
      entry('of-before-parts', { startedAt: 3, agentId: 'a1' }),
      entry('asked-outside', { startedAt: 2, agentId: 'a2', parts: [talked(null)] }),
      entry('only-rang', { startedAt: 1, agentId: 'a2', parts: [missed] }),
    ]);
    expect(await ids({ agentId: me })).toEqual(['handed-on', 'of-before-parts']);
    expect(await ids({ agentId: other })).toEqual(['handed-on', 'asked-outside', 'only-rang']);
  });

  it('of a group are all that were in its queue, whichever took them in the end', async () => {
    await fill([entry('went-on', { startedAt: 3, groupId: 'technical', agentId: 'a1', parts: [waited('orders'), waited('technical'), talked('a1')] }), entry('stayed', { startedAt: 2, groupId: 'orders' }), entry('others', { startedAt: 1, groupId: 'technical' })]);
    expect(await ids({ groupId: orders })).toEqual(['went-on', 'stayed']);
    expect(await ids({ groupId: technical })).toEqual(['went-on', 'others']);
    expect(await ids({ groupId: orders, agentId: me })).toEqual(['went-on']);
  });

  it('are of some days, of a kind, with a disposition, or what nobody answered; and of all of these together', async () => {
    await fill([
      entry('one', { startedAt: 10, disposition: '기타' }),
      entry('two', { startedAt: 20, disposition: '기타', agentId: 'a1', kind: 'outbound', outcome: 'noAnswer' }),
      entry('three', { startedAt: 30, outcome: 'abandonedWaiting' }),
    ]);
    expect(await ids({ from: 20 })).toEqual(['three', 'two']);
    expect(await ids({ from: 10, to: 20 })).toEqual(['one']);
    expect(await ids({ disposition: '기타' })).toEqual(['two', 'one']);
    expect(await ids({ missed: true })).toEqual(['three', 'two']);
    expect(await ids({ kind: 'outbound' })).toEqual(['two']);
    expect(await ids({ missed: true, kind: 'outbound', agentId: me, disposition: '기타', from: 20, to: 21 })).toEqual(['two']);
    expect(await ids({ kind: 'internal', agentId: me })).toEqual([]);
  });

  it('lack the disposition that their group asks for, until somebody adds one', async () => {
    const lacking = entry('lacking', { startedAt: 2, agentId: 'a1', dispositionMissing: true });
    await fill([lacking, entry('others', { startedAt: 3, agentId: 'a2', dispositionMissing: true }), entry('without', { startedAt: 4, agentId: 'a1' })]);
    expect([await ids({ dispositionMissing: true }), await ids({ dispositionMissing: true, agentId: me })]).toEqual([['others', 'lacking'], ['lacking']]);
    await fill([{ ...lacking, disposition: '기타', dispositionMissing: false }]);
    expect(await ids({ dispositionMissing: true })).toEqual(['others']);
  });

  it('are found by part of a memo, a name or a number, as everything is', async () => {
    const { customerId } = valueOf(await store.records.createCustomer(draft({ name: '김고객', numbers: [{ e164: '+821077778888', label: '' }] })));
    await fill([entry('memo', { startedAt: 3, memo: '배송지 변경을 원하심' }), entry('name', { startedAt: 2, customerId, agentName: '상담원 7' }), entry('other', { startedAt: 1, number: '+82212345678' })]);
    expect([await ids({ text: '배송ㅈ' }), await ids({ text: '상담원 7' }), await ids({ text: 'ㄱㄱㄱ' }), await ids({ text: '02-1234' }), await ids({ text: '없는 말' })]).toEqual([['memo'], ['name'], ['name'], ['other'], []]);
  });

  it('name the customer, by id or by a number that is theirs', async () => {
    const { customerId } = valueOf(await store.records.createCustomer(draft({ name: '고객 1', numbers: [{ e164: '+821012345678', label: '' }] })));
    await fill([entry('known', { startedAt: 3, customerId, number: '+82299999999' }), entry('by-number', { startedAt: 2 }), entry('stranger', { startedAt: 1, number: '+821099999999' })]);
    expect((await search()).lines.map(({ customerName }) => customerName)).toEqual(['고객 1', '고객 1', '']);
  });

  it('say of a missed caller who talked with them after all', async () => {
    const { customerId } = valueOf(await store.records.createCustomer(draft({ numbers: [{ e164: '+821012345678', label: '' }] })));
    await fill([
      entry('called-in-vain', { startedAt: 1, customerId, outcome: 'abandonedWaiting' }),
      entry('called-back', { startedAt: 5, customerId, kind: 'outbound', agentName: '상담원 1' }),
      entry('again-in-vain', { startedAt: 7, customerId, outcome: 'abandonedWaiting' }),
      entry('by-another-number', { startedAt: 8, number: '+82298765432', customerId, outcome: 'closed' }),
      entry('answered', { startedAt: 9, number: '+82255556666', customerId, agentName: '상담원 2' }),
      entry('stranger', { startedAt: 9, number: '+821000000009', outcome: 'closed' }),
      entry('stranger-answered', { startedAt: 12, number: '+821000000009', agentName: '상담원 3' }),
      entry('withheld', { startedAt: 10, number: '', outcome: 'closed' }),
      entry('withheld-answered', { startedAt: 11, number: '' }),
    ]);
    const back = Object.fromEntries((await search()).lines.map(({ contactId, calledBack }) => [contactId, calledBack]));
    expect(back).toMatchObject({
      'called-in-vain': { at: 5, by: '상담원 1' },
      'called-back': null,
      'again-in-vain': { at: 9, by: '상담원 2' },
      'by-another-number': { at: 9, by: '상담원 2' },
      stranger: { at: 12, by: '상담원 3' },
      withheld: null,
    });
  });

  it('go on behind the page before, although contacts came in on top and several began at once', async () => {
    await fill([entry('a', { startedAt: 2 }), entry('b', { startedAt: 2 }), entry('c', { startedAt: 1 })]);
    const first = await search({ limit: 1 });
    expect(first.lines.map(({ contactId }) => contactId)).toEqual(['b']);
    await fill([entry('d', { startedAt: 9 })]);
    const second = await search({ limit: 1, before: first.next });
    expect(second.lines.map(({ contactId }) => contactId)).toEqual(['a']);
    expect(await search({ limit: 5, before: second.next })).toMatchObject({ lines: [{ contactId: 'c' }], next: null });
  });

  it('are looked through in parts where few are meant, and gone on with where it stopped', async () => {
    await fill(Array.from({ length: LOOKED_AT + 100 }, (_, index) => entry(`k${String(index).padStart(4, '0')}`, { startedAt: index + 1, memo: index === 3 ? 'needle' : '', kind: index === 3 ? 'internal' : 'inbound' })));
    for (const query of [{ text: 'needle' }, { kind: 'internal' as const }]) {
      const first = await search(query);
      expect([first.lines, first.next]).toEqual([[], { startedAt: 101, contactId: 'k0100' }]);
      const second = await search({ ...query, before: first.next });
      expect([second.lines.map(({ contactId }) => contactId), second.next]).toEqual([['k0003'], null]);
    }
  });

  describe('for who may not read all', () => {
    const scope = historyScopeOf({ role: 'agent', groupIds: [orders] }, () => [me], 'groups');

    it('say that they were, and not what they were about; nor are they found by that', async () => {
      await fill([entry('of-theirs', { startedAt: 2, groupId: 'technical', memo: 'secret', disposition: '환불' }), entry('of-ours', { startedAt: 1, groupId: 'orders', memo: 'secret too', disposition: '환불' })]);
      expect((await search({}, scope)).lines.map(({ memo, disposition }) => [memo, disposition])).toEqual([['', ''], ['secret too', '환불']]);
      for (const query of [{ text: 'secret' }, { disposition: '환불' }]) expect((await search(query, scope)).lines.map(({ contactId }) => contactId)).toEqual(['of-ours']);
    });
  });
});
