import { describe, expect, it } from 'vitest';
import { putTimelineEntries } from '../../../center/store/contacts.ts';
import { endpoints } from '../../../contract/api/index.ts';
import { plainLine, CustomerChanges, type TimelineEntry } from '../../../contract/customer.ts';
import { AgentId, ContactId, CustomerId, GroupId } from '../../../contract/ids.ts';
import { NOW } from '../store/support.ts';
import { stage } from './stage.ts';

const [ORDERS, TECHNICAL] = ['orders', 'technical'];
/** Agents 3 and 4 are of the first group alone, 7 and 8 of the second, 1 and 2 of both. */
const SOMEBODY = 'cu-0001';

type Office = Awaited<ReturnType<typeof stage>>;

/** A person at a desk, with what their cache does. */
async function desk({ origin, signIn, send }: Office, account: string) {
  const { accessToken } = await signIn(account);
  const headers = { authorization: `Bearer ${accessToken}` };
  const ask = async (query: string) => {
    const response = await fetch(`${origin}/api/v1/customers/changes${query}`, { headers });
    return { status: response.status, body: (await response.json()) as unknown };
  };
  const changes = async (query = '?limit=5000') => CustomerChanges.parse((await ask(query)).body);
  return { ask, changes, report: (body: unknown) => send('/api/v1/customers/accesses', body, headers), erase: (customerId: string, body: unknown) => send(`/api/v1/customers/${customerId}/erase`, body, headers) };
}

const accesses = async ({ store }: Office) => (await store.db.selectFrom('access_log').selectAll().orderBy('id').execute()).map(({ agent_id, kind, customer_id, customers, contacts, address }) => ({ agent_id, kind, customer_id, customers, contacts, address }));

const contact = (id: string, groupId: string | null, agentId: string | null): TimelineEntry => ({
  ...plainLine, contactId: ContactId.parse(id), customerId: CustomerId.parse(SOMEBODY), number: '+821000000001', kind: 'inbound', startedAt: NOW, groupId: groupId === null ? null : GroupId.parse(groupId), groupName: '',
  agentId: agentId === null ? null : AgentId.parse(agentId), agentName: '', outcome: 'answered', talkMs: 1, disposition: '배송 문의', memo: `memo of ${id}`,
});

/** With contacts of both groups, and calls to the outside of an agent of each. */
async function office(options: Parameters<typeof stage>[0] = {}) {
  const opened = await stage(options);
  const groups = (await opened.store.records.configuration()).groups.map(({ groupId }) => groupId);
  expect(groups).toEqual([ORDERS, TECHNICAL]);
  await opened.store.db.deleteFrom('contacts').execute();
  await putTimelineEntries(opened.store.db, [contact('of-orders', 'orders', 'agent3'), contact('of-technical', 'technical', 'agent7'), contact('out-by-3', null, 'agent3'), contact('out-by-7', null, 'agent7')]);
  return opened;
}

const memosOf = ({ timeline }: CustomerChanges) => timeline.map(({ memo }) => memo);

describe('the history', () => {
  const searched = async (opened: Office, account: string, query: object) => {
    const { accessToken } = await opened.signIn(account);
    const answer = await opened.send('/api/v1/contacts/search', query, { authorization: `Bearer ${accessToken}`, 'idempotency-key': 'the-same-key' });
    return endpoints['contacts.search'].response.parse(answer.body).lines.map(({ contactId, memo }) => [contactId, memo]);
  };

  it('is as its reader may see it, and what of it was not their own is on record', async () => {
    const opened = await office();
    expect(await searched(opened, 'agent3', {})).toEqual([['out-by-7', ''], ['out-by-3', 'memo of out-by-3'], ['of-technical', ''], ['of-orders', 'memo of of-orders']]);
    expect(await searched(opened, 'agent3', { agentId: 'agent3' })).toHaveLength(2);
    expect(await searched(opened, 'agent3', { agentId: 'agent7' })).toHaveLength(2);
    expect(await accesses(opened)).toMatchObject([{ agent_id: 'agent3', kind: 'history', customers: 0, contacts: 4 }, { agent_id: 'agent3', kind: 'history', contacts: 2 }]);
  });

  it('is read each time it is asked for, under whatever key', async () => {
    const opened = await office();
    expect(await searched(opened, 'admin', {})).toHaveLength(4);
    await putTimelineEntries(opened.store.db, [contact('new', 'orders', 'agent3')]);
    expect(await searched(opened, 'admin', {})).toHaveLength(5);
  });
});

describe('what was written about a contact', () => {
  it.each([
    ['agent3', ['memo of of-orders', '', 'memo of out-by-3', '']],
    ['agent7', ['', 'memo of of-technical', '', 'memo of out-by-7']],
    ['agent1', ['memo of of-orders', 'memo of of-technical', 'memo of out-by-3', 'memo of out-by-7']],
    ['admin', ['memo of of-orders', 'memo of of-technical', 'memo of out-by-3', 'memo of out-by-7']],
  ])('reaches the desks of its group, and an administrator’s: %s', async (account, memos) => {
    const page = await (await desk(await office(), account)).changes();
    expect(memosOf(page)).toEqual(memos);
    // That there was a contact everybody sees who picks up that customer’s call.
    expect(page.timeline.map(({ contactId }) => contactId)).toEqual(['of-orders', 'of-technical', 'out-by-3', 'out-by-7']);
    expect(page.timeline.map(({ disposition }) => disposition !== '')).toEqual(memos.map((memo) => memo !== ''));
  });

  it('reaches everybody where the center is set so', async () => {
    expect(memosOf(await (await desk(await office({ historyScope: 'all' }), 'agent7')).changes())).not.toContain('');
  });

  it('leaves a desk whose person leaves the group: its cache begins anew', async () => {
    const opened = await office();
    const agent1 = await desk(opened, 'agent1');
    const before = await agent1.changes();
    expect((await agent1.changes(`?cursor=${before.cursor}&mark=${before.mark}`)).reset).toBe(false);
    opened.center.move('agent1', [GroupId.parse(TECHNICAL)]);
    const after = await agent1.changes(`?cursor=${before.cursor}&mark=${before.mark}&limit=5000`);
    expect([after.reset, memosOf(after)]).toEqual([true, ['', 'memo of of-technical', '', 'memo of out-by-7']]);
    expect((await agent1.changes(`?cursor=${after.cursor}&mark=${after.mark}`)).reset).toBe(false);
  });
});

describe('the access log', () => {
  it('has one line for a whole copy of the customers, whatever its pages, before the first of them is sent', async () => {
    const opened = await office();
    const agent3 = await desk(opened, 'agent3');
    let page = await agent3.changes('?limit=300');
    const line = { agent_id: 'agent3', kind: 'sync', customer_id: null, customers: 1000, contacts: 4, address: '127.0.0.1' };
    expect(await accesses(opened)).toEqual([line]);
    while (page.more) page = await agent3.changes(`?cursor=${page.cursor}&mark=${page.mark}&limit=300`);
    expect(await accesses(opened)).toEqual([line]);
    await agent3.changes();
    expect(await accesses(opened)).toEqual([line, line]);
  });

  it('counts the changes that a desk follows together, an hour long', async () => {
    const opened = await office();
    const agent3 = await desk(opened, 'agent3');
    let page = await agent3.changes();
    for (let i = 0; i < 3; i++) {
      await putTimelineEntries(opened.store.db, [contact('of-orders', 'orders', 'agent3')]);
      opened.store.clock.at += 4 * 60_000;
      page = await agent3.changes(`?cursor=${page.cursor}&mark=${page.mark}`);
    }
    expect(await accesses(opened)).toHaveLength(1);
    await putTimelineEntries(opened.store.db, [contact('of-orders', 'orders', 'agent3')]);
    await opened.close();
    expect((await accesses(opened)).slice(1)).toEqual([{ agent_id: 'agent3', kind: 'sync', customer_id: null, customers: 0, contacts: 3, address: '127.0.0.1' }]);
  });

  it('has whom a person opened, and how much they listed, at the time they did', async () => {
    const opened = await office();
    const agent3 = await desk(opened, 'agent3');
    const entries = [{ kind: 'customer', customerId: SOMEBODY, agoMs: 5000 }, { kind: 'search', customers: 40, agoMs: 0 }];
    expect(await agent3.report({ entries })).toMatchObject({ status: 204 });
    expect(await accesses(opened)).toMatchObject([{ kind: 'customer', customer_id: SOMEBODY, customers: 1 }, { kind: 'search', customers: 40 }]);
    expect((await opened.store.db.selectFrom('access_log').select('at').execute()).map(({ at }) => at - NOW)).toEqual([-5000, 0]);
  });

  it('only grows', async () => {
    const opened = await office();
    await (await desk(opened, 'agent3')).changes();
    await expect(opened.store.db.deleteFrom('access_log').execute()).rejects.toThrow('append-only');
    await expect(opened.store.db.updateTable('access_log').set({ customers: 0 }).execute()).rejects.toThrow('append-only');
  });
});

describe('a person is erased', () => {
  it('by an administrator with a reason, who gets the job that does it; asked for again meanwhile it is the same', async () => {
    const opened = await office();
    const admin = await desk(opened, 'admin');
    const asked = await admin.erase(SOMEBODY, { reason: 'asked for by letter' });
    expect(asked).toMatchObject({ status: 200, body: { kind: 'customers.erase', state: 'waiting', askedBy: 'admin' } });
    expect((await admin.erase(SOMEBODY, { reason: 'once more' })).body).toEqual(asked.body);
    expect(await admin.erase('cu-9999999', { reason: 'nobody' })).toMatchObject({ body: { code: 'customer.not-found' } });
    expect(await admin.erase(SOMEBODY, { reason: 'the owner of +82 10 0000 0001' })).toMatchObject({ body: { code: 'input.invalid' } });
    expect(await opened.store.db.selectFrom('audit').select(['action', 'subject']).where('action', '=', 'customers.erase').where('details', 'like', '%jobId%').execute()).toEqual([{ action: 'customers.erase', subject: SOMEBODY }]);
  });
});

describe('failure: personal data', () => {
  it('is erased by nobody else, and without a reason by nobody; who tried is on record', async () => {
    const opened = await office();
    for (const account of ['agent3', 'supervisor']) {
      expect(await (await desk(opened, account)).erase(SOMEBODY, { reason: 'for no reason' })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    const admin = await desk(opened, 'admin');
    for (const body of [{}, { reason: '' }, { reason: '  ' }, { reason: 'x'.repeat(501) }, { reason: 'why not', also: 1 }]) expect((await admin.erase(SOMEBODY, body)).status).toBe(400);
    expect((await admin.erase("x' OR 1=1", { reason: 'why not' })).status).toBe(400);
    expect(await opened.send(`/api/v1/customers/${SOMEBODY}/erase`, { reason: 'why not' })).toMatchObject({ status: 401 });
    expect(await opened.store.records.customer(CustomerId.parse(SOMEBODY))).not.toBeNull();
    expect((await opened.store.db.selectFrom('audit').select(['actor', 'action', 'details']).where('action', '=', 'customers.erase').execute()).map(({ actor }) => actor)).toEqual(['agent3', 'supervisor']);
  });

  it('is copied by one person no more often than anybody needs to', async () => {
    const opened = await office({ limits: { copies: { count: 2, perS: 3600 } } });
    const agent3 = await desk(opened, 'agent3');
    await agent3.changes();
    const page = await agent3.changes();
    expect(await agent3.ask('')).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
    // Who follows goes on.
    expect((await agent3.ask(`?cursor=${page.cursor}&mark=${page.mark}`)).status).toBe(200);
  });

  it('is reported by one person no more often than a desk does: the access log is not for them to fill', async () => {
    const opened = await office({ limits: { reports: { count: 2, perS: 300 } } });
    const [agent3, agent4] = [await desk(opened, 'agent3'), await desk(opened, 'agent4')];
    const report = { entries: [{ kind: 'search', customers: 1, agoMs: 0 }] };
    const told = [await agent3.report(report), await agent3.report(report), await agent3.report(report), await agent4.report(report)];
    expect(told.map(({ status }) => status)).toEqual([204, 204, 429, 204]);
    expect(await accesses(opened)).toHaveLength(3);
  });

  it('is reported in the shape it has, or not at all', async () => {
    const opened = await office();
    const agent3 = await desk(opened, 'agent3');
    for (const body of [{}, { entries: [] }, { entries: [{ kind: 'customer', customerId: '../', agoMs: 0 }] }, { entries: [{ kind: 'customer', customerId: SOMEBODY, agoMs: -1 }] }, { entries: [{ kind: 'search', customers: 1e9, contacts: 0, agoMs: 0 }] }]) {
      expect((await agent3.report(body)).status).toBe(400);
    }
    expect((await opened.send('/api/v1/customers/accesses', { entries: [{ kind: 'customer', customerId: SOMEBODY, agoMs: 0 }] })).status).toBe(401);
    expect(await accesses(opened)).toEqual([]);
  });
});
