import { describe, expect, it } from 'vitest';
import { BROWSER_HEADER } from '../../../center/gateway/index.ts';
import { defaultSignInLimits, type SignInLimits } from '../../../center/gateway/limits.ts';
import { SignedIn } from '../../../contract/cti/index.ts';
import { valueOf } from '../store/support.ts';
import { stage } from './stage.ts';

const SECRET = 'the-secret-of-this-run';

/** A gateway whose limits are short, and people who try to get in from anywhere. */
async function door(limits: Partial<SignInLimits> = {}) {
  const made = await stage({ shellSecret: SECRET, limits: { signIn: { ...defaultSignInLimits, patienceMs: 50, ...limits } } });
  const trySignIn = async (account: string, password: string, { address, secret = SECRET, device }: { address?: string; secret?: string; device?: string | undefined } = {}) => {
    const headers: Record<string, string> = address === undefined ? {} : { [BROWSER_HEADER]: `${secret} ${address} connection` };
    const { status, result } = await made.post('/api/auth/sign-in', { account, password, client: 'web', ...(device !== undefined && { device }) }, headers);
    return { status, result };
  };
  const hashed = async () => (await made.store.db.selectFrom('audit').select('id').where('action', '=', 'auth.refused').execute()).length;
  return { ...made, trySignIn, hashed };
}

describe('limits of the sign-in', () => {
  it('count by the browser’s address, which the web shell tells', async () => {
    const { trySignIn } = await door({ perNetwork: { count: 2, perS: 600 } });
    for (const name of ['a', 'b']) expect((await trySignIn(name, 'nope', { address: '203.0.113.5' })).status).toBe(401);
    expect((await trySignIn('c', 'nope', { address: '203.0.113.5' })).status).toBe(429);
    expect((await trySignIn('agent1', 'sangdam-demo', { address: '203.0.113.6' })).status).toBe(200);
    // The shell's own requests for nobody are from where they come.
    expect((await trySignIn('agent2', 'sangdam-demo')).status).toBe(200);
  });

  it('let a person in at a place where they were before, while a stranger hammers their account', async () => {
    const { trySignIn } = await door();
    const [home, abroad] = [{ address: '192.0.2.1' }, { address: '203.0.113.5' }];
    expect((await trySignIn('agent1', 'sangdam-demo', home)).status).toBe(200);
    for (let turn = 0; turn < 6; turn++) await trySignIn('agent1', 'nope', abroad);
    expect((await trySignIn('agent1', 'sangdam-demo', abroad)).status).toBe(429);
    expect((await trySignIn('Agent1', 'sangdam-demo', home)).status).toBe(200);
  });

  it('let a person in by the mark of their device, while somebody hammers their account from the same place', async () => {
    const { trySignIn } = await door();
    const office = { address: '192.0.2.1' };
    const { device } = SignedIn.parse(valueOf((await trySignIn('agent1', 'sangdam-demo', office)).result));
    for (let turn = 0; turn < 6; turn++) await trySignIn('agent1', 'nope', office);
    expect((await trySignIn('agent1', 'sangdam-demo', office)).status).toBe(429);
    expect((await trySignIn('agent1', 'sangdam-demo', { ...office, device })).status).toBe(200);
    // It is hers alone, and opens nothing by itself.
    expect((await trySignIn('agent2', 'nope', { ...office, device })).status).toBe(401);
    expect((await trySignIn('agent1', 'nope', { ...office, device })).status).toBe(401);
  });

  it('say the same of accounts that exist and of those that do not', async () => {
    const { trySignIn } = await door();
    const answers = async (name: string) => {
      const all = [];
      for (let turn = 0; turn < 7; turn++) all.push(await trySignIn(name, 'nope', { address: `198.51.100.${name.length}` }));
      return all.map(({ status, result }) => [status, result.ok ? '' : result.error.code]);
    };
    expect(await answers('agent3')).toEqual(await answers('made-up'));
  });

  it('are written down once a minute, and names that are none are not: they may be passwords', async () => {
    const { trySignIn, store } = await door();
    for (let turn = 0; turn < 9; turn++) await trySignIn('agent1', 'nope');
    await trySignIn('my-secret-password', 'nope');
    const rows = await store.db.selectFrom('audit').select(['action', 'subject']).execute();
    expect(rows.filter(({ action }) => action === 'auth.rate-limited')).toEqual([{ action: 'auth.rate-limited', subject: 'agent1' }]);
    expect(JSON.stringify(rows)).not.toContain('my-secret-password');
  });
});

describe('failure: who would fill the audit log', () => {
  const written = async ({ store }: Awaited<ReturnType<typeof stage>>, action: string) => (await store.db.selectFrom('audit').select('id').where('action', '=', action).execute()).length;

  it('by signing in rightly over and over: each is in it, some a minute are let in, and nobody else waits', async () => {
    const made = await stage({ limits: { ownAccount: { count: 3, perS: 600 } } });
    const outcomes: number[] = [];
    for (let turn = 0; turn < 6; turn++) outcomes.push((await made.post('/api/auth/sign-in', { account: 'agent1', password: 'sangdam-demo', client: 'web' })).status);
    expect(outcomes).toEqual([200, 200, 200, 429, 429, 429]);
    expect([await written(made, 'auth.signed-in'), await written(made, 'auth.rate-limited')]).toEqual([3, 1]);
    await expect(made.signIn('agent2')).resolves.toBeDefined();
  });

  it('by changing their own account over and over', async () => {
    const made = await stage({ limits: { ownAccount: { count: 3, perS: 600 } } });
    const { accessToken } = await made.signIn('agent1');
    const outcomes: number[] = [];
    for (let turn = 0; turn < 5; turn++) outcomes.push((await made.post('/api/auth/recovery-codes', { password: 'sangdam-demo' }, { authorization: `Bearer ${accessToken}` })).status);
    expect(outcomes).toEqual([200, 200, 200, 429, 429]);
    expect(await written(made, 'auth.recovery-codes-made')).toBe(3);
  });
});

describe('failure: who would get around the limits of the sign-in', () => {
  it('by a header of their own: it counts with the secret of this run alone', async () => {
    const { trySignIn } = await door({ perNetwork: { count: 2, perS: 600 } });
    const outcomes = [];
    for (const [index, secret] of ['', 'guessed', SECRET.slice(1), `${SECRET}x`].entries()) outcomes.push((await trySignIn(`made-up-${index}`, 'nope', { address: `203.0.113.${index}`, secret })).status);
    expect(outcomes).toEqual([401, 401, 429, 429]);
  });

  it('by asking a hundred times at one moment: five are looked at', async () => {
    const { trySignIn, hashed } = await door({ patienceMs: 9000 });
    const answers = await Promise.all(Array.from({ length: 100 }, () => trySignIn('agent1', 'nope')));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(await hashed()).toBe(5);
  });

  it('by a mark that is made up', async () => {
    const { trySignIn } = await door();
    for (let turn = 0; turn < 5; turn++) await trySignIn('agent1', 'nope', { device: `made-up-${turn}.signature` });
    expect((await trySignIn('agent1', 'sangdam-demo', { device: 'made-up.signature' })).status).toBe(429);
  });
});
