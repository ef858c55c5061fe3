import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { API_BASE, endpointNames, endpoints, type Endpoint } from '../../../contract/api/index.ts';
import { ApiKey, DisplayLink } from '../../../contract/credentials.ts';
import { hasScope, scopesOfKeys, type KeyScope } from '../../../contract/permissions.ts';
import { createCredentialEndpoints } from '../../../center/credentials/endpoints.ts';
import { AgentId } from '../../../contract/ids.ts';
import { openApiDocument } from '../../../center/gateway/api/openapi.ts';
import type { FakeCenter } from './fake-center.ts';
import { stage } from './stage.ts';

const DAY_MS = 86_400_000;
const MadeKey = z.object({ key: ApiKey, token: z.string() });
const MadeDisplay = z.object({ display: DisplayLink, token: z.string() });

/** A stage with an administrator, who makes keys and links. */
async function office(options: Parameters<typeof stage>[0] = {}) {
  const made = await stage(options);
  const admin = { authorization: `Bearer ${(await made.signIn('admin')).accessToken}` };
  const { clock } = made.store;
  const makeKey = async (scopes: readonly KeyScope[], lifeMs = DAY_MS) => MadeKey.parse((await made.send('/api/v1/keys', { name: 'ERP', scopes, expiresAt: clock.now() + lifeMs }, admin)).body);
  const makeDisplay = async (expiresAt: number | null = null) => MadeDisplay.parse((await made.send('/api/v1/displays', { name: '1층 전광판', groupIds: ['orders'], expiresAt }, admin)).body);
  const get = async (path: string, token: string) => {
    const response = await fetch(`${made.origin}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const body: unknown = await response.json();
    return { status: response.status, body };
  };
  const audited = async () => (await made.store.db.selectFrom('audit').select(['actor', 'action', 'subject']).orderBy('id').execute()).filter(({ action }) => action !== 'auth.signed-in').map(({ actor, action, subject }) => `${actor} ${action} ${subject}`);
  return { ...made, admin, clock, makeKey, makeDisplay, get, audited };
}

describe('a key of another system', () => {
  it('opens what its scopes let it, is told once, and is kept as a hash', async () => {
    const { makeKey, get, admin, origin, store } = await office();
    const { key, token } = await makeKey(['customers.read']);
    expect(token).toMatch(/^sangdam_key_[\w-]{43}$/);
    expect((await get('/api/v1/customers/changes?limit=1', token)).status).toBe(200);
    const listed = await fetch(`${origin}/api/v1/keys`, { headers: admin }).then((response) => response.json());
    expect(listed).toEqual([{ ...key, lastUsedAt: store.clock.now() }]);
    expect(JSON.stringify([listed, await store.db.selectFrom('credentials').selectAll().execute(), await store.db.selectFrom('audit').selectAll().execute()])).not.toContain(token.slice(12));
  });

  it('is the actor of what it does, in the audit log and the access log', async () => {
    const { makeKey, send, audited, get, store } = await office();
    const { key, token } = await makeKey(['customers.write', 'customers.read']);
    await send('/api/v1/customers', { name: '고객', company: '', numbers: [], vip: false, warning: '', note: '' }, { authorization: `Bearer ${token}` });
    expect(await audited()).toEqual([`admin keys.create ${key.credentialId}`, `key:${key.credentialId} customers.create `]);
    await get('/api/v1/customers/changes?limit=1', token);
    expect(await store.db.selectFrom('access_log').select('agent_id').execute()).toEqual([{ agent_id: `key:${key.credentialId}` }]);
  });

  it('has a bucket of its own: one that is spent takes nothing from others', async () => {
    const { makeKey, get, origin, admin } = await office({ limits: { keys: { count: 2, perS: 600 } } });
    const [one, other] = [await makeKey(['customers.read']), await makeKey(['customers.read'])];
    const path = '/api/v1/customers/changes?limit=1';
    expect([(await get(path, one.token)).status, (await get(path, one.token)).status, (await get(path, one.token)).status, (await get(path, other.token)).status]).toEqual([200, 200, 429, 200]);
    expect((await fetch(`${origin}${path}`, { headers: admin })).status).toBe(200);
  });
});

describe('a wallboard link', () => {
  it('shows figures of its groups, when it was last seen, and nothing of anybody', async () => {
    const { makeDisplay, get, center, origin, admin, clock } = await office();
    const { token } = await makeDisplay();
    expect(token).toMatch(/^sangdam_wall_[\w-]{43}$/);
    expect(await get('/api/v1/wall', token)).toMatchObject({ status: 200, body: { name: '1층 전광판', groups: [], statistics: [], ready: [] } });
    expect(center.walls).toEqual([['orders']]);
    expect(await fetch(`${origin}/api/v1/displays`, { headers: admin }).then((response) => response.json())).toMatchObject([{ name: '1층 전광판', groupIds: ['orders'], createdBy: '시스템 관리자', lastUsedAt: clock.now() }]);
  });

  it('is ended at once', async () => {
    const { makeDisplay, get, send, admin, audited } = await office();
    const { display, token } = await makeDisplay();
    expect((await send(`/api/v1/displays/${display.credentialId}/revoke`, {}, admin)).status).toBe(204);
    expect(await get('/api/v1/wall', token)).toMatchObject({ status: 401, body: { code: 'auth.revoked' } });
    expect(await audited()).toEqual([`admin displays.create ${display.credentialId}`, `admin displays.revoke ${display.credentialId}`]);
  });
});

describe('display and key × endpoint', () => {
  it('come exactly as far as their scopes', async () => {
    const { makeKey, makeDisplay, origin } = await office();
    const holders = [
      { token: (await makeDisplay()).token, holder: { kind: 'display', role: 'agent', duties: [] } as const },
      ...(await Promise.all(scopesOfKeys.map(async (scope) => ({ token: (await makeKey([scope])).token, holder: { kind: 'key', role: 'admin', duties: [], scopes: [scope] } as const })))),
    ];
    for (const { token, holder } of holders) {
      for (const name of endpointNames) {
        const { method, path, scope }: Endpoint = endpoints[name];
        if (scope === null) continue;
        const response = await fetch(`${origin}${API_BASE}${path.replace(/:\w+/, 'nobody')}${method === 'GET' ? '?not=a-query' : ''}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(method !== 'GET' && { body: '{"not":"a body"}' }) });
        expect([holder, name, response.status === 403]).toEqual([holder, name, !hasScope(holder, scope)]);
      }
    }
  });

  it('are described with the tokens that each endpoint takes', () => {
    const { components, paths } = openApiDocument() as { components: { securitySchemes: object }; paths: Record<string, Record<string, { security: object[] }>> };
    expect(Object.keys(components.securitySchemes)).toEqual(['signIn', 'key', 'display']);
    expect(paths['/customers/changes']?.['get']?.security).toEqual([{ signIn: [] }, { key: [] }]);
    expect(paths['/jobs/{jobId}/file']?.['get']?.security).toEqual([{ signIn: [] }, { key: [] }]);
    expect(paths['/keys']?.['get']?.security).toEqual([{ signIn: [] }]);
    expect(paths['/wall']?.['get']?.security).toEqual([{ display: [] }]);
  });
});

describe('failure: a person', () => {
  it('is not set up with an id that reads like another system’s', async () => {
    const { send, admin } = await office();
    const person = { account: 'newcomer', name: '새 사람', role: 'agent', memberships: [] };
    const asked = async (change: object) => (await send('/api/v1/configuration/changes', { changes: [{ kind: 'person', version: null, value: person, ...change }] }, admin)).body;
    for (const id of ['key:abc', 'display:abc', 'new:comer']) expect([id, await asked({ id })]).toEqual([id, expect.objectContaining({ status: 400, code: 'input.invalid', detail: expect.stringContaining('no colon') })]);
    // Who has one from before can go; and of other kinds ids may.
    for (const change of [{ id: 'new.comer' }, { id: 'key:abc', version: '1', value: null }, { id: 'flow:abc', kind: 'flow', value: { name: '안내', steps: [] } }]) expect(await asked(change)).toMatchObject({ code: 'switch.unavailable' });
  });
});

describe('failure: a token that is no person’s', () => {
  it('beyond its scope is told which one it lacks', async () => {
    const { makeKey, send } = await office();
    const { token } = await makeKey(['customers.read']);
    expect(await send('/api/v1/customers', {}, { authorization: `Bearer ${token}` })).toMatchObject({ status: 403, body: { code: 'forbidden', detail: 'customers.create needs customers.write' } });
  });

  it('that has expired says so', async () => {
    const { makeKey, makeDisplay, get, clock } = await office();
    const { token } = await makeKey(['customers.read'], 60_000);
    const wall = await makeDisplay(clock.now() + 60_000);
    clock.at += 60_001;
    expect(await get('/api/v1/customers/changes', token)).toMatchObject({ status: 401, body: { code: 'auth.expired', detail: 'the key has expired' } });
    expect(await get('/api/v1/wall', wall.token)).toMatchObject({ status: 401, body: { code: 'auth.expired', detail: 'the link has expired' } });
  });

  it('that is nobody’s is refused, and guesses are limited and written down', async () => {
    const { get, store } = await office({ limits: { refusalsPerAddress: { count: 3, perS: 60 } } });
    const guesses = await Promise.all(Array.from({ length: 5 }, (_, index) => get('/api/v1/wall', `sangdam_wall_${'x'.repeat(42)}${index}`)));
    expect(guesses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([401, 401, 401, 429, 429]);
    const written = await store.db.selectFrom('audit').select(['action', 'subject', 'address']).where('action', '=', 'auth.rate-limited').execute();
    expect(written).toEqual([{ action: 'auth.rate-limited', subject: 'token', address: '127.0.0.1' }]);
  });

  it.each(['key', 'link'] as const)('that is over is told so, and a %s that is shown all the same is limited by itself', async (what) => {
    const { get, send, makeKey, makeDisplay, admin, clock, store, origin } = await office({ limits: { refusalsPerAddress: { count: 3, perS: 60 } } });
    const [wall, made, other] = [await makeDisplay(clock.now() + 60_000), await makeKey(['customers.read']), await makeKey(['customers.read'])];
    await send(`/api/v1/keys/${made.key.credentialId}/revoke`, {}, admin);
    clock.at += 60_001;
    const [path, token] = what === 'link' ? ['/api/v1/wall', wall.token] : ['/api/v1/customers/changes?limit=1', made.token];
    const shown = await Promise.all(Array.from({ length: 6 }, () => get(path, token)));
    expect(shown.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([401, 401, 401, 429, 429, 429]);
    expect(await store.db.selectFrom('audit').select('subject').where('action', '=', 'auth.rate-limited').execute()).toEqual([{ subject: 'token' }]);
    // Nobody else of its network notices.
    expect((await get('/api/v1/customers/changes?limit=1', other.token)).status).toBe(200);
    expect((await fetch(`${origin}/api/v1/wall`, { headers: { authorization: 'Bearer sangdam_wall_nobody' } })).status).toBe(401);
  });

  it('is refused in an address, whatever else says who asks', async () => {
    const { makeKey, origin, admin } = await office();
    const { token } = await makeKey(['customers.read']);
    for (const headers of [{}, admin, { authorization: `Bearer ${token}` }]) {
      const response = await fetch(`${origin}/api/v1/customers/changes?access_token=${token}`, { headers });
      expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('never in the address')]);
    }
  });

  it('is no sign-in: neither the line of a desk nor one’s own account takes it', async () => {
    const { makeKey, makeDisplay, connect, get, post, center } = await office();
    for (const { token } of [await makeKey(scopesOfKeys), await makeDisplay()]) {
      expect((await connect(token)).error).toMatchObject({ code: 'auth.invalid' });
      expect((await get('/api/auth/account', token)).status).toBe(401);
      expect((await post('/api/auth/sign-out', undefined, { authorization: `Bearer ${token}` })).status).toBe(401);
    }
    expect(center.commands).toEqual([]);
  });

  it('makes no other, and is made with an end and a name', async () => {
    const { makeKey, send, admin, clock } = await office();
    const { token } = await makeKey(['configuration.write']);
    const wanted = { name: 'another', scopes: ['customers.read'], expiresAt: clock.now() + DAY_MS };
    expect((await send('/api/v1/keys', wanted, { authorization: `Bearer ${token}` })).status).toBe(403);
    for (const bad of [{ scopes: [] }, { scopes: ['accounts.administer'] }, { expiresAt: clock.now() - 1 }, { expiresAt: clock.now() + 1000 * DAY_MS }, { expiresAt: null }, { name: ' ' }]) expect([bad, (await send('/api/v1/keys', { ...wanted, ...bad }, admin)).status]).toEqual([bad, 400]);
  });

  it('is made of groups that there are, each once, with a name that can be read', async () => {
    const { send, admin } = await office();
    const make = (asked: object) => send('/api/v1/displays', { name: 'x', groupIds: ['orders'], expiresAt: null, ...asked }, admin);
    expect(await make({ groupIds: ['orders', 'nowhere'] })).toMatchObject({ status: 400, body: { code: 'input.invalid', detail: expect.stringContaining('nowhere') } });
    expect(await make({ groupIds: ['orders', 'orders'] })).toMatchObject({ status: 201, body: { display: { groupIds: ['orders'] } } });
    for (const name of ['\ud800', 'wall \udfff', 'a\u202eb']) expect([name, (await make({ name })).status]).toEqual([name, 400]);
    expect(await make({ name: '전광판'.normalize('NFD') })).toMatchObject({ status: 201, body: { display: { name: '전광판' } } });
  });

  it('is made and ended by nobody but administrators', async () => {
    const { makeKey, send, signIn } = await office();
    const { key } = await makeKey(['customers.read']);
    const supervisor = { authorization: `Bearer ${(await signIn('supervisor')).accessToken}` };
    expect((await send(`/api/v1/keys/${key.credentialId}/revoke`, {}, supervisor)).status).toBe(403);
    expect((await send('/api/v1/displays', { name: 'x', groupIds: ['orders'], expiresAt: null }, supervisor)).status).toBe(403);
    const admin = { authorization: `Bearer ${(await signIn('admin')).accessToken}` };
    expect((await send('/api/v1/keys/nobody/revoke', {}, admin)).status).toBe(404);
    expect((await send(`/api/v1/displays/${key.credentialId}/revoke`, {}, admin)).status).toBe(404);
  });
});

describe('failure: who made a key or a link', () => {
  it('is let in no more: neither are those, at once, and they stay out when their maker is enabled again', async () => {
    const { makeKey, makeDisplay, get, store, send, signIn, center, audited } = await office();
    const [key, wall] = [await makeKey(['customers.read']), await makeDisplay()];
    center.set(AgentId.parse('supervisor'), { role: 'admin' });
    const other = { authorization: `Bearer ${(await signIn('supervisor')).accessToken}` };
    const theirs = MadeDisplay.parse((await send('/api/v1/displays', { name: '2층', groupIds: ['orders'], expiresAt: null }, other)).body);
    const asked = async () => [await get('/api/v1/customers/changes?limit=1', key.token), await get('/api/v1/wall', wall.token), await get('/api/v1/wall', theirs.token)].map(({ status }) => status);
    expect(await asked()).toEqual([200, 200, 200]);
    expect((await send('/api/v1/accounts/admin/disable', {}, other)).status).toBe(204);
    expect(await asked()).toEqual([401, 401, 200]);
    expect((await send('/api/v1/accounts/admin/enable', {}, other)).status).toBe(204);
    expect(await asked()).toEqual([401, 401, 200]);
    expect(await get('/api/v1/wall', wall.token)).toMatchObject({ body: { code: 'auth.revoked' } });
    expect((await store.db.selectFrom('credentials').select('revoked_at').where('created_by', '=', 'admin').execute()).map(({ revoked_at }) => revoked_at)).toEqual([store.clock.now(), store.clock.now()]);
    expect((await audited()).filter((line) => line.includes('revoke')).toSorted()).toEqual([`supervisor displays.revoke ${wall.display.credentialId}`, `supervisor keys.revoke ${key.key.credentialId}`]);
  });

  it.each([
    ['is an administrator no more', (center: FakeCenter) => center.set(AgentId.parse('admin'), { role: 'supervisor' })],
    ['is nobody any more', (center: FakeCenter) => center.remove(AgentId.parse('admin'))],
  ])('%s: neither opens anything, whatever the table says of them', async (_what, lessen) => {
    const { makeKey, makeDisplay, get, center, store } = await office();
    const [key, wall] = [await makeKey(['customers.read']), await makeDisplay()];
    lessen(center);
    expect([await get('/api/v1/customers/changes?limit=1', key.token), await get('/api/v1/wall', wall.token)]).toMatchObject([{ status: 401, body: { code: 'auth.revoked' } }, { status: 401, body: { code: 'auth.revoked' } }]);
    expect(await store.db.selectFrom('credentials').select('last_used_at').execute()).toEqual([{ last_used_at: null }, { last_used_at: null }]);
  });
});

describe('failure: who makes a key', () => {
  it('gives no more than they have', async () => {
    const { store, center, clock } = await office();
    const handlers = createCredentialEndpoints({ db: store.db, clock, center });
    const caller = { agentId: AgentId.parse('supervisor'), me: { kind: 'desk', role: 'supervisor', duties: [] }, address: '192.0.2.1' } as unknown as Parameters<(typeof handlers)['keys.create']>[1];
    expect(await handlers['keys.create']({ name: 'x', scopes: ['customers.read', 'configuration.write'], expiresAt: clock.now() + DAY_MS }, caller)).toMatchObject({ ok: false, error: { code: 'forbidden', message: 'not yours to give: configuration.write' } });
  });
});
