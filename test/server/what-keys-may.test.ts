import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { startServer } from '../../server/server.ts';
import { scopesOfKeys } from '../../contract/permissions.ts';
import { demoDataFolder } from '../unit/store/support.ts';

const Token = z.object({ token: z.string() });
const Objects = z.object({ objects: z.array(z.object({ id: z.string(), version: z.string(), value: z.record(z.string(), z.unknown()) })) });

/** A center as it runs, a way to ask it, and a key with everything that a key may have. */
async function center() {
  const server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: await demoDataFolder(), demo: true });
  onTestFinished(() => server.stop());
  const ask = async (token: string | null, path: string, body?: unknown) => {
    const response = await fetch(`${server.origin}${path}`, { method: body === undefined ? 'GET' : 'POST', headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }) }, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const said: unknown = response.status === 204 ? null : await response.json();
    return { status: response.status, body: said };
  };
  const signIn = async (account: string) => z.object({ value: z.object({ accessToken: z.string() }) }).parse((await ask(null, '/api/auth/sign-in', { account, password: 'sangdam-demo', client: 'web', console: true })).body).value.accessToken;
  const admin = await signIn('admin');
  const makeKey = async (by: string) => Token.parse((await ask(by, '/api/v1/keys', { name: 'ERP', scopes: scopesOfKeys, expiresAt: Date.now() + 86_400_000 })).body).token;
  const makeWall = async (by: string) => Token.parse((await ask(by, '/api/v1/displays', { name: '1층', groupIds: ['orders'], expiresAt: null })).body).token;
  const person = async (id: string) => {
    const found = Objects.parse((await ask(admin, '/api/v1/configuration/person')).body).objects.find((one) => one.id === id);
    if (found === undefined) throw new Error(`nobody is ${id}`);
    return found;
  };
  const change = async (token: string, id: string, edits: Record<string, unknown> | null) => {
    const { version, value } = await person(id);
    return ask(token, '/api/v1/configuration/changes', { changes: [{ kind: 'person', id, version, value: edits === null ? null : { ...value, ...edits } }] });
  };
  const people = async () => Objects.parse((await ask(admin, '/api/v1/configuration/person')).body).objects.map(({ id }) => id);
  return { ask, signIn, admin, makeKey, makeWall, change, people };
}

describe('failure: a key that may change what is set up', () => {
  it.each([
    ['an administrator', { role: 'admin' }],
    ['an auditor at a desk', { role: 'agent', duties: ['auditor'], extension: '4444' }],
    ['an agent', { role: 'agent', extension: '4444' }],
    ['somebody without a telephone', { role: 'agent' }],
  ])('invites nobody, and is told no link: not of %s', async (_who, given) => {
    const { ask, admin, makeKey, people } = await center();
    const key = await makeKey(admin);
    const invited = await ask(key, '/api/v1/people', { people: [{ account: 'evil', name: 'Evil', memberships: [], ...given }] });
    expect(invited).toMatchObject({ status: 403, body: { code: 'forbidden', detail: 'people.invite needs accounts.administer' } });
    expect(JSON.stringify(invited.body)).not.toContain('/invitation');
    expect(await people()).not.toContain('evil');
  });

  it('sets up people who have no way in until an administrator invites them', async () => {
    const { ask, admin, makeKey } = await center();
    const key = await makeKey(admin);
    const made = await ask(key, '/api/v1/configuration/changes', { changes: [{ kind: 'person', id: 'newcomer', version: null, value: { account: 'newcomer', name: '새 사람', role: 'agent', memberships: [] } }] });
    expect(made).toMatchObject({ status: 200, body: { objects: [{ id: 'newcomer' }] } });
    expect((await ask(key, '/api/v1/accounts/newcomer/invitation', {})).status).toBe(403);
    expect(await ask(admin, '/api/v1/accounts/newcomer/invitation', {})).toMatchObject({ status: 201, body: { path: expect.stringContaining('/invitation#') } });
  });
});

describe('keys and links', () => {
  it('of an administrator who is one no more end at once, and stay so when they are one again', async () => {
    const { ask, signIn, admin, makeKey, makeWall, change } = await center();
    await change(admin, 'supervisor', { role: 'admin' });
    const other = await signIn('supervisor');
    const [key, wall, ours] = [await makeKey(other), await makeWall(other), await makeKey(admin)];
    const asked = async () => [(await ask(key, '/api/v1/configuration/group')).status, (await ask(wall, '/api/v1/wall')).status, (await ask(ours, '/api/v1/configuration/group')).status];
    // Another name changes nothing of what they may.
    expect((await change(admin, 'supervisor', { name: '다른 이름' })).status).toBe(200);
    expect(await asked()).toEqual([200, 200, 200]);
    expect((await change(admin, 'supervisor', { role: 'supervisor' })).status).toBe(200);
    expect(await asked()).toEqual([401, 401, 200]);
    expect((await change(admin, 'supervisor', { role: 'admin' })).status).toBe(200);
    expect(await asked()).toEqual([401, 401, 200]);
    expect(await ask(admin, '/api/v1/keys')).toMatchObject({ body: expect.arrayContaining([expect.objectContaining({ createdBy: '다른 이름', revokedAt: expect.any(Number) })]) });
  });

  it('of an administrator who is removed end at once, and stay so when somebody has their account again', async () => {
    const { ask, signIn, admin, makeKey, makeWall, change } = await center();
    await change(admin, 'supervisor', { role: 'admin' });
    const other = await signIn('supervisor');
    const [key, wall] = [await makeKey(other), await makeWall(other)];
    const asked = async () => [(await ask(key, '/api/v1/configuration/group')).status, (await ask(wall, '/api/v1/wall')).status];
    expect((await change(admin, 'supervisor', null)).status).toBe(200);
    expect(await asked()).toEqual([401, 401]);
    const again = { kind: 'person', id: 'supervisor', version: null, value: { account: 'supervisor', name: '다른 사람', role: 'admin', memberships: [] } };
    expect((await ask(admin, '/api/v1/configuration/changes', { changes: [again] })).status).toBe(200);
    expect(await asked()).toEqual([401, 401]);
  });
});
