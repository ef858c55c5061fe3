import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CenterApi } from '../../../agent/api/index.ts';
import { CenterRest } from '../../../agent/cti/index.ts';
import { endpointNames, endpoints, type Endpoint } from '../../../contract/api/index.ts';
import { plainLine, type TimelineEntry } from '../../../contract/customer.ts';
import { conflict, ok } from '../../../contract/errors.ts';
import { AgentId, ContactId, CustomerId, GroupId } from '../../../contract/ids.ts';
import { stage } from './stage.ts';

const draft = { name: '고객 1', company: '', numbers: [], vip: false, warning: '', note: '' };
const customer = { ...draft, customerId: CustomerId.parse('cu-9'), updatedAt: 0, version: 'v2' };

/** An agent at the door, and the same through the client of a desk. */
async function door(account = 'agent1') {
  const opened = await stage();
  const { accessToken } = await opened.signIn(account);
  const api = new CenterApi(new CenterRest(opened.origin), { use: (ask) => ask(accessToken) });
  const authorization = `Bearer ${accessToken}`;
  const ask = (path: string, body: unknown, method = 'POST', headers: Record<string, string> = {}) => opened.send(`/api/v1${path}`, body, { authorization, ...headers }, method);
  opened.center.writes = () => ok(customer) as never;
  return { ...opened, api, ask };
}

const audited = async ({ store }: Awaited<ReturnType<typeof stage>>) => (await store.db.selectFrom('audit').select(['actor', 'action', 'subject', 'details']).execute()).filter(({ action }) => action.startsWith('customers.'));

describe('the API', () => {
  it('creates and changes what it is asked to, and says by its tag which version that is', async () => {
    const { ask, center } = await door();
    const created = await ask('/customers', draft);
    expect([created.status, created.body, created.headers.get('etag')]).toEqual([200, customer, '"v2"']);
    const changed = await ask('/customers/cu-9', draft, 'PUT', { 'if-match': '"v1"' });
    expect([changed.status, changed.body]).toEqual([200, customer]);
    expect(center.written).toEqual([{ name: 'create', request: draft }, { name: 'update', request: { customerId: 'cu-9', version: 'v1', draft } }]);
  });

  it('does once what is asked twice under one key, and answers the same', async () => {
    const { ask, center } = await door();
    const key = { 'idempotency-key': 'key-0001' };
    const both = await Promise.all([ask('/customers', draft, 'POST', key), ask('/customers', draft, 'POST', key)]);
    expect(both.map(({ status, body }) => [status, body])).toEqual([[200, customer], [200, customer]]);
    expect(center.written).toHaveLength(1);
    expect(await ask('/customers', { ...draft, name: '고객 2' }, 'POST', key)).toMatchObject({ status: 400, body: { code: 'input.invalid' } });
    expect(center.written).toHaveLength(1);
  });

  it('keeps in the audit log who did what to whom, and how it ended', async () => {
    const opened = await door();
    await opened.ask('/customers/cu-9', draft, 'PUT', { 'if-match': '"v1"' });
    opened.center.writes = () => conflict('customer.conflict', 'cu-9', customer);
    await opened.ask('/customers/cu-9', draft, 'PUT', { 'if-match': '"v1"' });
    expect(await audited(opened)).toEqual([
      { actor: 'agent1', action: 'customers.update', subject: 'cu-9', details: '{"outcome":"ok"}' },
      { actor: 'agent1', action: 'customers.update', subject: 'cu-9', details: '{"outcome":"customer.conflict"}' },
    ]);
  });

  it('opens a customer, and keeps in the access log who did', async () => {
    const { api, store } = await door();
    expect(await api.call('customers.get', { customerId: CustomerId.parse('cu-0001') })).toMatchObject({ ok: true, value: { customer: { customerId: 'cu-0001' } } });
    expect(await store.db.selectFrom('access_log').select(['agent_id', 'kind', 'customer_id']).execute()).toEqual([{ agent_id: 'agent1', kind: 'customer', customer_id: 'cu-0001' }]);
  });

  it('is asked by a desk as it would ask anything, refusals and what they bring included', async () => {
    const { api, center } = await door();
    expect(await api.call('customers.create', draft)).toEqual(ok(customer));
    center.writes = () => conflict('customer.conflict', 'cu-9', customer);
    expect(await api.call('customers.update', { ...draft, customerId: customer.customerId, version: 'v1' })).toEqual(conflict('customer.conflict', 'cu-9', customer));
    expect(await api.call('customers.erase', { customerId: customer.customerId, reason: 'asked for' })).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(await api.call('customers.changes', { limit: 1 })).toMatchObject({ ok: true, value: { more: true } });
  });
});

describe('failure: personal data past the access log', () => {
  const accesses = ({ store }: Awaited<ReturnType<typeof stage>>) => store.db.selectFrom('access_log').select(['agent_id', 'customer_id']).execute();

  it('a refusal that shows a customer is a look at them', async () => {
    const opened = await door();
    for (const code of ['customer.conflict', 'customer.number-taken'] as const) {
      opened.center.writes = () => ({ ok: false, error: { code, message: '', present: customer } });
      expect(await opened.ask('/customers/cu-1', draft, 'PUT', { 'if-match': '"v1"' })).toMatchObject({ status: 409, body: { present: customer } });
    }
    expect(await accesses(opened)).toEqual([{ agent_id: 'agent1', customer_id: 'cu-9' }, { agent_id: 'agent1', customer_id: 'cu-9' }]);
  });

  it('a correction shows no more of a contact than the history does', async () => {
    const opened = await door('agent7');
    const line: TimelineEntry = { ...plainLine, contactId: ContactId.parse('k1'), customerId: null, number: '', kind: 'inbound', startedAt: 0, groupId: GroupId.parse('orders'), groupName: '', agentId: AgentId.parse('agent3'), agentName: '', outcome: 'answered', talkMs: 0, disposition: '배송', memo: 'of the others', version: 'v1' };
    const correct = () => opened.ask('/contacts/k1', { memo: 'x' }, 'PATCH', { 'if-match': '"v0"' });
    opened.center.writes = () => conflict('contact.conflict', 'k1', line);
    expect(await correct()).toMatchObject({ status: 409, body: { present: { memo: '', disposition: '' } } });
    opened.center.writes = () => ok(line) as never;
    expect(await correct()).toMatchObject({ status: 200, body: { memo: '', disposition: '' } });
    expect(await opened.ask('/contacts/k1', {}, 'PATCH', { 'if-match': '"v0"' })).toMatchObject({ status: 400 });
  });

  it('what a person writes into an address or a command does not stand in the audit log, and a flood of refusals does not fill it', async () => {
    const opened = await door();
    for (let i = 0; i < 30; i++) expect((await opened.ask(`/customers/${encodeURIComponent('홍길동 010-1234-5678')}/erase`, { reason: 'no reason' })).status).toBe(403);
    const rows = await audited(opened);
    expect(rows.length).toBeLessThanOrEqual(11);
    expect(new Set(rows.map(({ subject }) => subject))).toEqual(new Set(['']));
  });
});

describe('the document of the API', () => {
  it('is OpenAPI 3.1, as a validator has it, and names every endpoint', async () => {
    const { origin } = await stage();
    const response = await fetch(`${origin}/api/v1/openapi.json`);
    const validator = new Validator();
    expect(await validator.validate(z.record(z.string(), z.unknown()).parse(await response.json()))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    const ids = Object.values(validator.specification?.['paths'] as Record<string, Record<string, { operationId: string }>>).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(ids.toSorted()).toEqual(endpointNames.toSorted());
  });

  it('can be read by people, without a script', async () => {
    const { origin } = await stage();
    const page = await (await fetch(`${origin}/api/v1`)).text();
    for (const name of endpointNames) expect(page).toContain(`id="${name}"`);
    expect(page).not.toContain('<script');
  });
});

describe('failure: the API', () => {
  it.each([
    ['a version that is missing', 'PUT', '/customers/cu-9', draft, {}, 'version'],
    ['a version that is no tag', 'PUT', '/customers/cu-9', draft, { 'if-match': 'v1' }, 'version'],
    ['a version in the body', 'PUT', '/customers/cu-9', { ...draft, version: 'v1' }, { 'if-match': '"v1"' }, 'request'],
    ['another id in the body than in the path', 'PUT', '/customers/cu-9', { ...draft, customerId: 'cu-1' }, { 'if-match': '"v1"' }, 'request'],
    ['a field there is not', 'POST', '/customers', { ...draft, role: 'admin' }, {}, 'role'],
    ['a list for a body', 'POST', '/customers', [draft], {}, 'request'],
    ['a key that is none', 'POST', '/customers', draft, { 'idempotency-key': '\' OR 1=1' }, 'Idempotency-Key'],
    ['a key too long', 'POST', '/customers', draft, { 'idempotency-key': 'x'.repeat(65) }, 'Idempotency-Key'],
  ])('refuses %s, says which, and does nothing', async (_what, method, path, body, headers, named) => {
    const { ask, center } = await door();
    const answer = await ask(path, body, method, headers);
    expect(answer).toMatchObject({ status: 400, body: { code: 'input.invalid', type: 'urn:sangdam:problem:input.invalid', status: 400 } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect((answer.body as { detail: string }).detail).toContain(named);
    expect(center.written).toEqual([]);
  });

  it('answers where nothing is, at bodies that are none, and to strangers with a problem, too', async () => {
    const { origin } = await stage();
    const post = (path: string, body: string) => fetch(`${origin}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    for (const [response, status] of [[await fetch(`${origin}/api/v1/nothing`), 404], [await post('/customers', '{'), 400], [await post('/customers', JSON.stringify({ note: 'x'.repeat(70_000) })), 413], [await post('/customers', '{}'), 401]] as const) {
      expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json; charset=utf-8']);
      expect(await response.json()).toMatchObject({ status });
    }
  });

  it('takes no token from an address', async () => {
    const { origin, signIn } = await stage();
    const { accessToken } = await signIn('agent1');
    expect((await fetch(`${origin}/api/v1/customers/changes?access_token=${accessToken}`)).status).toBe(401);
  });

  it('acts anew under a key whose first request failed', async () => {
    const { ask, center } = await door();
    center.writes = () => conflict('customer.conflict', 'cu-9', customer);
    expect((await ask('/customers', draft, 'POST', { 'idempotency-key': 'key-0001' })).status).toBe(409);
    center.writes = () => ok(customer) as never;
    expect((await ask('/customers', draft, 'POST', { 'idempotency-key': 'key-0001' })).status).toBe(200);
  });
});

describe('the contract of the API', () => {
  it('has every name of a path and every subject in the request', () => {
    for (const name of endpointNames) {
      const { path, request, audited: audit, versioned }: Endpoint = endpoints[name];
      const names = [...path.matchAll(/:(\w+)/g)].map(([, one]) => one ?? '');
      for (const one of [...names, ...[audit?.subject ?? []].flat(), ...(versioned === true ? ['version'] : [])]) expect([name, Object.keys(request.shape)]).toEqual([name, expect.arrayContaining([one])]);
    }
  });
});
