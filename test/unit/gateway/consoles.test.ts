import { describe, expect, it } from 'vitest';
import { Refreshed, SignedIn } from '../../../contract/cti/index.ts';
import { valueOf } from '../store/support.ts';
import { agent, stage } from './stage.ts';

/** A stage whose administrator has no telephone. */
async function office() {
  const made = await stage({ sip: { urls: [], domain: 'sangdam', iceServers: () => [{ urls: 'turn:turn.example' }] } });
  made.center.set(agent('admin'), { extension: null });
  const get = (path: string, token: string) => fetch(`${made.origin}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { ...made, get };
}

describe('a sign-in without a telephone', () => {
  it('gives no phone and no relay, says so, and is written down as what it is', async () => {
    const { signIn, post, store } = await office();
    const signedIn = await signIn('admin');
    expect(signedIn).toMatchObject({ me: { account: 'admin', kind: 'console', extension: null }, sip: null });
    const { result } = await post('/api/auth/refresh', { refreshToken: signedIn.refreshToken });
    expect(Refreshed.parse(valueOf(result)).iceServers).toEqual([]);
    const written = await store.db.selectFrom('audit').select(['action', 'details']).where('action', '=', 'auth.signed-in').executeTakeFirstOrThrow();
    expect(written.details).toContain('"console":true');
  });

  it('is one of as many as the person likes; each is signed out by itself', async () => {
    const { signIn, connect, get, post } = await office();
    const [first, second] = [await signIn('admin'), await signIn('admin')];
    const sockets = [await connect(first.accessToken), await connect(second.accessToken)];
    expect(sockets.map(({ error }) => error)).toEqual([null, null]);
    await post('/api/auth/sign-out', undefined, { authorization: `Bearer ${first.accessToken}` });
    await sockets[0]?.gone;
    expect((await get('/api/v1/account/door', first.accessToken)).status).toBe(401);
    expect((await get('/api/v1/account/door', second.accessToken)).status).toBe(200);
    expect(await sockets[1]?.command('sync.snapshot', {})).toMatchObject({ ok: true, value: { me: { kind: 'console' } } });
  });

  it('of somebody who has one leaves their desk alone, and is left alone by it', async () => {
    const { signIn, connect, post, get } = await office();
    const desk = await signIn('agent1');
    const socket = await connect(desk.accessToken);
    const console = SignedIn.parse(valueOf((await post('/api/auth/sign-in', { account: 'agent1', password: 'sangdam-demo', client: 'web', console: true })).result));
    expect(console).toMatchObject({ sip: null, me: { kind: 'console', extension: null } });
    expect(await socket.command('sync.snapshot', {})).toMatchObject({ ok: true, value: { me: { kind: 'desk', extension: '1001' } } });
    const newer = await signIn('agent1');
    await socket.gone;
    expect([(await get('/api/v1/account/door', desk.accessToken)).status, (await get('/api/v1/account/door', console.accessToken)).status, (await get('/api/v1/account/door', newer.accessToken)).status]).toEqual([401, 200, 200]);
  });

  it('ends with all others when the person is signed out everywhere, at once, though their desk has a call at hand', async () => {
    const { center, signIn, connect, post, send } = await office();
    const desk = await connect((await signIn('agent1')).accessToken);
    const console = SignedIn.parse(valueOf((await post('/api/auth/sign-in', { account: 'agent1', password: 'sangdam-demo', client: 'web', console: true })).result));
    const beside = await connect(console.accessToken);
    const admin = await signIn('admin');
    center.busy = true;
    expect((await send('/api/v1/accounts/agent1/sign-out', {}, { authorization: `Bearer ${admin.accessToken}` })).status).toBe(204);
    await beside.gone;
    expect(await desk.command('contact.hangUp', { contactId: 'k1' })).toMatchObject({ ok: true });
  });
});

describe('failure: a sign-in without a telephone', () => {
  it('does not become a desk by itself: what takes one is refused, and kept from the core', async () => {
    const { center, signIn, connect } = await office();
    const console = await connect((await signIn('admin')).accessToken);
    for (const [name, payload] of [['agent.setState', { choice: { kind: 'ready' } }], ['supervision.start', { agentId: 'agent1', mode: 'listen' }], ['contact.hangUp', { contactId: 'k1' }]] as const) expect(await console.command(name, payload)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(center.commands).toEqual([]);
  });

  it('is nobody’s any more when the person is set up no more', async () => {
    const { center, signIn, get } = await office();
    const { accessToken } = await signIn('admin');
    center.remove(agent('admin'));
    expect((await get('/api/v1/account/door', accessToken)).status).toBe(401);
  });
});
