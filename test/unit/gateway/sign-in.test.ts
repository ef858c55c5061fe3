import { describe, expect, it } from 'vitest';
import { defaultSignInLimits } from '../../../center/gateway/limits.ts';
import { Refreshed } from '../../../contract/cti/index.ts';
import { phoneOf } from '../../support/phone-of.ts';
import { valueOf } from '../store/support.ts';
import { stage } from './stage.ts';

const QUARTER_MS = 15 * 60_000;

describe('sign-in', () => {
  it('answers who, tokens, and where the phone registers: the address the client used', async () => {
    const { signIn, origin } = await stage();
    expect(await signIn('agent1')).toMatchObject({
      me: { agentId: 'agent1', account: 'agent1', role: 'agent', extension: '1001' },
      sip: { url: `${origin.replace('http', 'ws')}/sip`, domain: 'sangdam', user: 'agent1', password: 'sip-secret', iceServers: [], rejoin: 'reinvite' },
    });
  });

  it('leads phones to the address an operator set', async () => {
    const { signIn } = await stage({ sip: { urls: ['wss://pbx.example/ws'], domain: 'pbx.example', iceServers: () => [] } });
    expect((await signIn('agent1')).sip).toMatchObject({ url: 'wss://pbx.example/ws', others: [] });
  });

  it('leads phones to every machine of the switch, and not all of them to the same one first', async () => {
    const urls = ['wss://pbx1.example/ws', 'wss://pbx2.example/ws'];
    const { signIn } = await stage({ sip: { urls, domain: 'pbx.example', iceServers: () => [] } });
    const [first, second] = [phoneOf(await signIn('agent1')), phoneOf(await signIn('agent2'))];
    expect([first.url, ...(first.others ?? [])].toSorted()).toEqual(urls);
    expect(second).toMatchObject({ url: first.others?.[0], others: [first.url] });
    expect(phoneOf(await signIn('agent1')).url).toBe(first.url);
  });

  it('is written to the audit log, refused ones too, without passwords', async () => {
    const { trySignIn, store } = await stage();
    await trySignIn('agent1', 'guessed-wrong');
    await trySignIn('agent1');
    const rows = await store.db.selectFrom('audit').selectAll().execute();
    expect(rows.map(({ action, actor, subject }) => [action, actor, subject])).toEqual([
      ['auth.refused', null, 'agent1'],
      ['auth.signed-in', 'agent1', 'agent1'],
    ]);
    expect(JSON.stringify(rows)).not.toContain('guessed-wrong');
  });

  it('gives a desk STUN and TURN servers, and credentials anew with each token', async () => {
    let made = 0;
    const { signIn, post } = await stage({ sip: { urls: [], domain: 'sangdam', iceServers: (agentId) => [{ urls: 'turn:turn.example', username: `${++made}:${agentId}`, credential: 'c' }] } });
    const { sip, refreshToken } = await signIn('agent1');
    expect(sip?.iceServers).toEqual([{ urls: 'turn:turn.example', username: '1:agent1', credential: 'c' }]);
    const { result } = await post('/api/auth/refresh', { refreshToken });
    expect(Refreshed.parse(valueOf(result)).iceServers).toEqual([{ urls: 'turn:turn.example', username: '2:agent1', credential: 'c' }]);
  });

  it('gives new tokens for a refresh token, and the old access token stays good until its time', async () => {
    const { signIn, post, connect, store } = await stage();
    const first = await signIn('agent1');
    store.clock.at += QUARTER_MS - 60_000;
    const { result } = await post('/api/auth/refresh', { refreshToken: first.refreshToken });
    const second = Refreshed.parse(valueOf(result));
    expect(second.accessExpiresAt).toBe(store.clock.at + QUARTER_MS);
    expect((await connect(first.accessToken)).error).toBeNull();
    store.clock.at += 120_000;
    expect((await connect(first.accessToken)).error).toMatchObject({ code: 'auth.expired' });
    expect((await connect(second.accessToken)).error).toBeNull();
  });

  it('ends by sign-out: tokens are worthless and the socket goes', async () => {
    const { signIn, post, connect } = await stage();
    const { accessToken, refreshToken } = await signIn('agent1');
    const desk = await connect(accessToken);
    const { status } = await post('/api/auth/sign-out', undefined, { authorization: `Bearer ${accessToken}` });
    expect(status).toBe(200);
    expect(await desk.gone).toBe('io server disconnect');
    expect((await connect(accessToken)).error).toMatchObject({ code: 'auth.replaced' });
    expect((await post('/api/auth/refresh', { refreshToken })).result).toMatchObject({ error: { code: 'auth.replaced' } });
  });

  it('elsewhere ends the older desk, which is told first', async () => {
    const { signIn, connect } = await stage();
    const older = await connect((await signIn('agent1')).accessToken);
    const newer = await connect((await signIn('agent1')).accessToken);
    await older.gone;
    expect(older.events).toMatchObject([{ seq: 1, type: 'session.replaced', payload: { by: 'desktop' } }]);
    expect(newer.error).toBeNull();
  });
});

describe('failure: sign-in', () => {
  it('refuses a wrong password and an unknown account with the same words', async () => {
    const { trySignIn } = await stage();
    const wrong = await trySignIn('agent1', 'nope');
    const unknown = await trySignIn('nobody', 'nope');
    expect(wrong).toMatchObject({ status: 401, result: { ok: false, error: { code: 'auth.invalid' } } });
    expect(unknown.result).toEqual(wrong.result);
  });

  it('limits attempts at one account, says for how long, and lets others in', async () => {
    const { trySignIn } = await stage();
    const attempts = await Promise.all(Array.from({ length: 6 }, () => trySignIn('agent1', 'nope')));
    expect(attempts.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([401, 401, 401, 401, 401, 429]);
    const right = await trySignIn('AGENT1');
    expect(right).toMatchObject({ status: 429, result: { error: { code: 'auth.rate-limited', retryAfterMs: expect.any(Number) } } });
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await trySignIn('agent2')).status).toBe(200);
  });

  it('limits wrong passwords from one address over all accounts', async () => {
    const { trySignIn } = await stage({ limits: { signIn: { ...defaultSignInLimits, perNetwork: { count: 3, perS: 60 }, patienceMs: 50 } } });
    for (const account of ['a', 'b', 'c']) await trySignIn(account, 'nope');
    for (const account of ['d', 'agent2']) expect(await trySignIn(account, 'nope')).toMatchObject({ status: 429, result: { error: { code: 'auth.rate-limited' } } });
    // The right one passes, whoever else is there.
    expect((await trySignIn('agent1')).status).toBe(200);
  });

  it('does not count the right password against anyone', async () => {
    const { trySignIn } = await stage();
    for (let turn = 0; turn < 8; turn++) expect((await trySignIn('agent1')).status).toBe(200);
  });

  it('refuses the demo’s password outside demo mode', async () => {
    const { trySignIn } = await stage({ demo: false });
    expect(await trySignIn('agent1')).toMatchObject({ status: 403, result: { error: { code: 'auth.demo-refused' } } });
  });

  it('is refused while the account is on a call elsewhere', async () => {
    const { trySignIn, center } = await stage();
    center.busy = true;
    expect(await trySignIn('agent1')).toMatchObject({ status: 409, result: { error: { code: 'auth.busy-elsewhere' } } });
  });

  it('keeps an agent on a call signed in', async () => {
    const { signIn, post, center, connect } = await stage();
    const { accessToken } = await signIn('agent1');
    center.busy = true;
    expect(await post('/api/auth/sign-out', undefined, { authorization: `Bearer ${accessToken}` })).toMatchObject({ status: 409, result: { error: { code: 'agent.on-call' } } });
    expect((await connect(accessToken)).error).toBeNull();
  });

  it('ends the sign-in when a refresh token comes after its successor', async () => {
    const { signIn, post, connect, store } = await stage();
    const { accessToken, refreshToken } = await signIn('agent1');
    const desk = await connect(accessToken);
    const renew = async (token: string) => Refreshed.parse(valueOf((await post('/api/auth/refresh', { refreshToken: token })).result));
    const last = await renew((await renew(refreshToken)).refreshToken);
    expect(await post('/api/auth/refresh', { refreshToken })).toMatchObject({ status: 401, result: { error: { code: 'auth.expired' } } });
    await desk.gone;
    expect((await post('/api/auth/refresh', { refreshToken: last.refreshToken })).status).toBe(401);
    expect((await connect(last.accessToken)).error).toMatchObject({ code: 'auth.replaced' });
    expect(await store.db.selectFrom('audit').select('action').execute()).toContainEqual({ action: 'auth.refresh-replayed' });
  });

  it('outlives a refresh whose answer was lost, and two at one moment', async () => {
    const { signIn, post, connect, store } = await stage();
    const { accessToken, refreshToken } = await signIn('agent1');
    const desk = await connect(accessToken);
    const answers = await Promise.all([1, 2, 3].map(() => post('/api/auth/refresh', { refreshToken })));
    const renewed = answers.map(({ result }) => Refreshed.parse(valueOf(result)).refreshToken);
    expect(new Set(renewed).size).toBe(1);
    expect((await post('/api/auth/refresh', { refreshToken: renewed[0] })).status).toBe(200);
    expect(desk.socket.connected).toBe(true);
    expect(await store.db.selectFrom('audit').select('action').execute()).toContainEqual({ action: 'auth.refresh-repeated' });
  });

  it('writes some lines a minute into the audit log of a refresh that is repeated without end', async () => {
    const { signIn, post, store } = await stage();
    const { refreshToken } = await signIn('agent1');
    for (let turn = 0; turn < 30; turn++) expect((await post('/api/auth/refresh', { refreshToken })).status).toBe(200);
    expect(await store.db.selectFrom('audit').select('action').where('action', '=', 'auth.refresh-repeated').execute()).toHaveLength(10);
  });

  it('answers bad bodies in words, and stays up', async () => {
    const { post, trySignIn } = await stage();
    const deep = `${'['.repeat(100)}${']'.repeat(100)}`;
    const bodies: unknown[] = ['{', '[]', 'null', '{"account":"a"}', '{"__proto__":{"x":1},"account":"agent1","password":"p","client":"web"}', `{"account":${deep},"password":"p","client":"web"}`, '{"account":"a","password":"p","client":"fax"}', '{"account":"a","password":1e309,"client":"web"}'];
    for (const body of bodies) expect(await post('/api/auth/sign-in', body)).toMatchObject({ status: 400, result: { ok: false, error: { code: 'input.invalid' } } });
    expect(await post('/api/auth/sign-in', { account: 'a', password: 'x'.repeat(70_000), client: 'web' })).toMatchObject({ status: 413, result: { error: { code: 'input.too-large' } } });
    expect((await trySignIn('agent1')).status).toBe(200);
  });
});
