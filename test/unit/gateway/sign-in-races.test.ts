import { Secret, TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { accountOf, disableAccount, setPassword } from '../../../center/store/accounts.ts';
import { addPasskey, passkeysOf, removeFactors, removePasskey, totpOf } from '../../../center/store/factors.ts';
import { hashPassword } from '../../../center/store/passwords.ts';
import { SignedIn } from '../../../contract/cti/index.ts';
import type { Result } from '../../../contract/errors.ts';
import type { Role } from '../../../contract/permissions.ts';
import type { AgentId } from '../../../contract/ids.ts';
import { valueOf } from '../store/support.ts';
import { agent, stage } from './stage.ts';

const OWN = '보라색 우산을 두 개 샀다';
const ONE = agent('agent1');

const stepOf = (result: Result<unknown>) => {
  if (result.ok) throw new Error('it is done already');
  return { code: result.error.code, ticket: result.error.step?.ticket, secret: result.error.step?.authenticator?.secret ?? '' };
};

/** A gateway at which agents must have a second factor, or nobody must. */
async function door(secondFactorFor: Role[] = []) {
  const made = await stage({ secondFactorFor });
  const { db, clock } = made.store;
  const passkey = (credentialId: string, agentId: AgentId = ONE) => addPasskey(db, agentId, { credentialId, rpId: 'localhost', publicKey: '', counter: 0, transports: [], label: credentialId, createdAt: 1, lastUsedAt: null });
  const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.at });
  const factor = (ticket: unknown, answer: unknown) => made.post('/api/auth/factor', { ticket, answer });
  const reset = async (mustChange = false) => setPassword(db, ONE, { passwordHash: await hashPassword('an administrator chose this'), changedAt: clock.at, mustChange, expiresAt: null });
  return { ...made, db, passkey, codeOf, factor, reset };
}

const anew = { status: 401, result: { error: { code: 'auth.expired' } } };

describe('failure: second factors that go at one moment', () => {
  it.each([['two passkeys', false], ['a passkey and an app', true]])('%s, of which one has to stay: one does', async (_, hasApp) => {
    const { db, passkey, post, trySignIn, factor, codeOf } = await door(['agent']);
    const first = stepOf((await trySignIn('agent1')).result);
    const kept = stepOf((await factor(first.ticket, { kind: 'enrol', code: codeOf(first.secret) })).result);
    const { accessToken } = SignedIn.parse(valueOf((await factor(kept.ticket, { kind: 'kept' })).result));
    await passkey('a');
    await passkey('b');
    const remove = (path: string, body: object) => post(`/api/auth/${path}`, { password: 'sangdam-demo', ...body }, { authorization: `Bearer ${accessToken}` });
    const isGone = await remove(hasApp ? 'passkeys/remove' : 'totp/remove', { ...(hasApp && { credentialId: 'b' }) });
    expect(isGone.status).toBe(200);
    const others = hasApp ? remove('totp/remove', {}) : remove('passkeys/remove', { credentialId: 'b' });
    const removed = await Promise.all([remove('passkeys/remove', { credentialId: 'a' }), others]);
    expect(removed.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 403]);
    expect((await passkeysOf(db, ONE)).length + Number((await totpOf(db, ONE)) !== null)).toBe(1);
  });

  it('however close together they go', async () => {
    const { db, passkey } = await door();
    for (const id of ['a', 'b', 'c']) await passkey(id);
    const removed = await Promise.all(['a', 'b', 'c', 'd'].map((id) => removePasskey(db, ONE, id, true)));
    expect([removed.toSorted((one, other) => one.localeCompare(other)), (await passkeysOf(db, ONE)).length]).toEqual([['gone', 'gone', 'last', 'none'], 1]);
    expect(await removePasskey(db, ONE, 'c')).toBe('gone');
  });
});

describe('failure: a ticket of a sign-in', () => {
  it('to set up a second factor is good for nothing once there is one', async () => {
    const { db, passkey, trySignIn, factor, codeOf } = await door(['agent']);
    const { ticket, secret } = stepOf((await trySignIn('agent1')).result);
    await passkey('a');
    expect(await factor(ticket, { kind: 'enrol', code: codeOf(secret) })).toMatchObject({ status: 401, result: { error: { code: 'auth.factor-invalid' } } });
    expect((await totpOf(db, ONE))?.confirmedAt).toBeNull();
  });

  it('to go on with a second factor that was set up ends with it', async () => {
    const { db, trySignIn, factor, codeOf } = await door(['agent']);
    const { ticket, secret } = stepOf((await trySignIn('agent1')).result);
    const kept = stepOf((await factor(ticket, { kind: 'enrol', code: codeOf(secret) })).result);
    await removeFactors(db, ONE);
    expect(await factor(kept.ticket, { kind: 'kept' })).toMatchObject(anew);
  });

  it.each(['enrol', 'kept'] as const)('ends with the password that it was given for (%s)', async (kind) => {
    const { trySignIn, factor, codeOf, reset } = await door(['agent']);
    const first = stepOf((await trySignIn('agent1')).result);
    const enrol = () => factor(first.ticket, { kind: 'enrol', code: codeOf(first.secret) });
    const { ticket } = kind === 'kept' ? stepOf((await enrol()).result) : first;
    await reset();
    expect(await (kind === 'kept' ? factor(ticket, { kind }) : enrol())).toMatchObject(anew);
  });

  it('ends with the password that it was given for (the choice of another)', async () => {
    const { trySignIn, post, reset, db, clock } = await withTemporary();
    const { code, ticket } = stepOf((await trySignIn('agent1', 'an administrator chose this')).result);
    expect(code).toBe('auth.password-change-needed');
    await setPassword(db, ONE, { passwordHash: await hashPassword('and then another'), changedAt: clock.at, mustChange: true, expiresAt: null });
    expect(await post('/api/auth/new-password', { ticket, password: OWN })).toMatchObject(anew);
    await reset();
    expect((await trySignIn('agent1', 'an administrator chose this')).status).toBe(200);
  });
});

async function withTemporary() {
  const made = await door();
  await made.reset(true);
  return { ...made, clock: made.store.clock };
}

describe('failure: an account that is shut while somebody is let in', () => {
  it.each(['reset', 'disabled'] as const)('is shut: its password was %s', async (how) => {
    const { db, center, trySignIn, reset } = await door();
    const signIn = center.signIn.bind(center);
    center.signIn = async (...given) => {
      await (how === 'reset' ? reset() : disableAccount(db, ONE, { by: null, address: '', at: 1 }));
      return signIn(...given);
    };
    expect(await trySignIn('agent1')).toMatchObject(anew);
    const families = await db.selectFrom('token_families').select('ended_at').where('agent_id', '=', ONE).where('ended_at', 'is', null).execute();
    expect(families).toEqual([]);
  });

  it('keeps the password of who shut it, where its owner chose one for the place of another', async () => {
    const { db, reset, trySignIn } = await door();
    const was = (await accountOf(db, ONE))?.passwordHash ?? '';
    const chosen = { passwordHash: await hashPassword(OWN), changedAt: 1, mustChange: false, expiresAt: null };
    await reset();
    expect(await setPassword(db, ONE, chosen, was)).toBe(false);
    expect([(await trySignIn('agent1', OWN)).status, (await trySignIn('agent1', 'an administrator chose this')).status]).toEqual([401, 200]);
  });
});
