import { Secret, TOTP } from 'otpauth';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CenterApi } from '../../../agent/api/index.ts';
import { CenterRest } from '../../../agent/cti/index.ts';
import { appendAudit, doorOf } from '../../../center/store/audit-log.ts';
import { AccountView, TemporaryPassword } from '../../../contract/account.ts';
import { endpointNames, endpoints, type EndpointName } from '../../../contract/api/index.ts';
import { SignedIn } from '../../../contract/cti/index.ts';
import type { Result } from '../../../contract/errors.ts';
import { AgentId } from '../../../contract/ids.ts';
import { Invitation } from '../../../contract/set-up.ts';
import { valueOf } from '../store/support.ts';
import { stage } from './stage.ts';

const OWN = '보라색 우산을 두 개 샀다';
const Begun = z.object({ secret: z.string(), uri: z.string() });
const Recovery = z.object({ recoveryCodes: z.array(z.string()) });

/** A gateway with people who are signed in and ask for things about accounts. */
async function office(options: Parameters<typeof stage>[0] = {}) {
  const made = await stage(options);
  const as = async (account: string, password = 'sangdam-demo') => {
    const signedIn = SignedIn.parse(valueOf((await made.trySignIn(account, password)).result));
    const headers = { authorization: `Bearer ${signedIn.accessToken}` };
    const ask = async (path: string, body: unknown = null) => (await made.post(`/api/auth/${path}`, body, headers)).result;
    const get = async (path: string): Promise<Result<unknown>> => (await fetch(`${made.origin}/api/auth/${path}`, { headers })).json();
    const api = new CenterApi(new CenterRest(made.origin), { use: (call) => call(signedIn.accessToken) });
    const to = (name: Exclude<EndpointName & `accounts.${string}`, 'accounts.list'>, whom: string): Promise<Result<unknown>> => api.call(name, { agentId: AgentId.parse(whom) });
    return { ...signedIn, ask, get, api, to };
  };
  const audited = async () => (await made.store.db.selectFrom('audit').select(['action', 'actor', 'subject']).orderBy('id').execute()).map(({ action, actor, subject }) => `${actor ?? '-'} ${action} ${subject}`);
  const step = (result: Result<unknown>) => {
    if (result.ok) throw new Error('it is done already');
    return { code: result.error.code, ...result.error.step };
  };
  return { ...made, as, audited, step };
}

/** agent1 with an authenticator; `code` makes the next code that was not used. */
async function withTotp() {
  const made = await office();
  const agent1 = await made.as('agent1');
  const { secret } = Begun.parse(valueOf(await agent1.ask('totp/begin', { password: 'sangdam-demo' })));
  const code = () => {
    made.store.clock.at += 30_000;
    return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: made.store.clock.at });
  };
  const { recoveryCodes } = Recovery.parse(valueOf(await agent1.ask('totp/confirm', { code: code() })));
  const factor = (ticket: unknown, answer: unknown) => made.post('/api/auth/factor', { ticket, answer });
  const password = async () => made.step((await made.trySignIn('agent1')).result);
  return { ...made, agent1, code, recoveryCodes, factor, password };
}

describe('the door of one’s own account', () => {
  it('shows who came and who was turned away, when and from where; nothing of others', async () => {
    const { as, trySignIn, store } = await office();
    await trySignIn('agent1', 'a wrong password');
    await trySignIn('agent2', 'a wrong password');
    store.clock.at += 1000;
    const agent1 = await as('agent1');
    const seen = valueOf(await agent1.api.call('account.door', {}));
    expect(seen).toEqual([
      { at: store.clock.at, action: 'auth.signed-in', address: '127.0.0.1', client: 'desktop' },
      { at: store.clock.at - 1000, action: 'auth.refused', address: '127.0.0.1', client: 'desktop' },
    ]);
    // Of somebody whose id is this one's name.
    await appendAudit(store.db, { at: 1, actor: null, action: 'auth.signed-in', subject: 'somebody', address: '203.0.113.5', details: {} });
    expect(await doorOf(store.db, { agentId: AgentId.parse('somebody'), account: 'else' }, 50)).toEqual([]);
    // Who finds there what was not their doing ends it, whatever it is.
    expect(await agent1.api.call('account.signOutEverywhere', {})).toMatchObject({ ok: true });
    expect(await agent1.api.call('account.door', {})).toMatchObject({ ok: false, error: { code: 'auth.replaced' } });
  });

  it('is found by an index, however long the log is', async () => {
    const { store } = await office();
    const { rows } = await sql<{ detail: string }>`EXPLAIN QUERY PLAN SELECT at FROM audit WHERE (subject = 'somebody' AND action IN ('auth.refused')) OR (subject = 'agent1' AND action IN ('auth.signed-out')) ORDER BY id DESC LIMIT 50`.execute(store.db);
    expect(rows.map(({ detail }) => detail).join()).toContain('audit_by_subject');
  });
});

describe('one’s own password', () => {
  it('is changed by who knows the old one; the sign-in goes on, and the old one opens nothing', async () => {
    const { as, trySignIn, audited } = await office();
    const agent1 = await as('agent1');
    expect(await agent1.ask('password', { current: 'sangdam-demo', next: OWN })).toEqual({ ok: true, value: null });
    expect(await agent1.get('account')).toMatchObject({ ok: true });
    expect((await trySignIn('agent1')).status).toBe(401);
    expect((await trySignIn('agent1', OWN)).status).toBe(200);
    expect(await audited()).toContain('agent1 auth.password-changed agent1');
  });

  it.each([
    ['weak', { current: 'sangdam-demo', next: 'qwertyuiop12' }, 'auth.password-weak'],
    ['the same', { current: 'sangdam-demo', next: 'sangdam-demo' }, 'auth.password-weak'],
    ['asked for without the old one', { current: 'nope', next: OWN }, 'auth.invalid'],
    ['no text', { current: 'sangdam-demo', next: 7 }, 'input.invalid'],
  ])('is not changed when the new one is %s', async (_what, body, code) => {
    const { as, trySignIn } = await office();
    expect(await (await as('agent1')).ask('password', body)).toMatchObject({ error: { code } });
    expect((await trySignIn('agent1')).status).toBe(200);
  });

  it('is not guessed by who found an open desk', async () => {
    const { as } = await office();
    const agent1 = await as('agent1');
    const codes = [];
    for (let turn = 0; turn < 6; turn++) codes.push(await agent1.ask('password', { current: `guess ${turn}`, next: OWN }));
    expect(codes.map((result) => (result.ok ? '' : result.error.code))).toEqual([...Array<string>(5).fill('auth.invalid'), 'auth.rate-limited']);
  });
});

describe('a temporary password', () => {
  it('opens one door: to choosing another, with which one is in', async () => {
    const { as, trySignIn, post, step, audited } = await office();
    const { password } = TemporaryPassword.parse(valueOf(await (await as('admin')).to('accounts.resetPassword', 'agent1')));
    expect((await trySignIn('agent1')).status).toBe(401);
    const next = step((await trySignIn('agent1', password)).result);
    expect(next).toMatchObject({ code: 'auth.password-change-needed', ticket: expect.any(String) });
    expect(await post('/api/auth/new-password', { ticket: next.ticket, password: 'agent1agent1' })).toMatchObject({ result: { error: { code: 'auth.password-weak' } } });
    expect(await post('/api/auth/new-password', { ticket: next.ticket, password })).toMatchObject({ result: { error: { code: 'auth.password-weak' } } });
    const { result } = await post('/api/auth/new-password', { ticket: next.ticket, password: OWN });
    expect(SignedIn.parse(valueOf(result)).me.account).toBe('agent1');
    expect(await post('/api/auth/new-password', { ticket: next.ticket, password: `${OWN}!` })).toMatchObject({ status: 401, result: { error: { code: 'auth.expired' } } });
    expect((await trySignIn('agent1', password)).status).toBe(401);
    expect((await trySignIn('agent1', OWN)).status).toBe(200);
    expect(await audited()).toContain('admin auth.password-reset agent1');
  });

  it('ends the sign-ins there are, and is good for three days', async () => {
    const { as, trySignIn, connect, store } = await office();
    const admin = await as('admin');
    const desk = await connect((await as('agent1')).accessToken);
    const { password, expiresAt } = TemporaryPassword.parse(valueOf(await admin.to('accounts.resetPassword', 'agent1')));
    await desk.gone;
    store.clock.at = expiresAt;
    expect((await trySignIn('agent1', password)).result).toMatchObject({ error: { code: 'auth.password-expired' } });
  });
});

describe('an account that is disabled', () => {
  it('lets nobody in and nobody go on, until it is enabled', async () => {
    const { as, trySignIn, connect, post, audited } = await office();
    const admin = await as('admin');
    const agent1 = await as('agent1');
    const desk = await connect(agent1.accessToken);
    expect(await admin.to('accounts.disable', 'agent1')).toEqual({ ok: true, value: null });
    await desk.gone;
    expect(await agent1.get('account')).toMatchObject({ error: { code: 'auth.disabled' } });
    expect((await connect(agent1.accessToken)).error).toMatchObject({ code: 'auth.disabled' });
    expect((await post('/api/auth/refresh', { refreshToken: agent1.refreshToken })).status).toBe(401);
    expect((await trySignIn('agent1')).result).toMatchObject({ error: { code: 'auth.disabled' } });
    // Whoever does not know the password is told no more than of any account.
    expect((await trySignIn('agent1', 'nope')).result).toMatchObject({ error: { code: 'auth.invalid' } });
    await admin.to('accounts.enable', 'agent1');
    expect((await trySignIn('agent1')).status).toBe(200);
    expect(await audited()).toEqual(expect.arrayContaining(['admin auth.account-disabled agent1', 'admin auth.account-enabled agent1']));
  });

  it('does not fill the audit log, however often its right password is given', async () => {
    const { as, trySignIn, audited } = await office();
    const admin = await as('admin');
    await admin.to('accounts.disable', 'agent1');
    const before = (await audited()).length;
    for (let turn = 0; turn < 25; turn++) expect((await trySignIn('agent1')).result).toMatchObject({ error: { code: 'auth.disabled' } });
    expect((await audited()).length - before).toBe(10);
  });

  it('in the middle of a call serves the customer to its end, and does nothing else', async () => {
    const { as, connect, center } = await office();
    const admin = await as('admin');
    const agent1 = await as('agent1');
    const desk = await connect(agent1.accessToken);
    center.busy = true;
    await admin.to('accounts.disable', 'agent1');
    expect(await desk.command('contact.hold', { contactId: 'contact-1' })).toMatchObject({ ok: true });
    for (const [name, payload] of [
      ['agent.setState', { choice: { kind: 'ready' } }],
      ['contact.consult', { contactId: 'contact-1', target: { kind: 'number', number: '0212345678' } }],
    ] as const) expect(await desk.command(name, payload)).toMatchObject({ error: { code: 'auth.replaced' } });
    expect(await agent1.get('account')).toMatchObject({ error: { code: 'auth.disabled' } });
    // The core says when it is over.
    center.sinks.get(agent1.me.agentId)?.signedOut();
    expect(await desk.gone).toBe('io server disconnect');
  });
});

describe('signing out everywhere', () => {
  it('ends what there is, by oneself or by an administrator', async () => {
    const { as, connect } = await office();
    const admin = await as('admin');
    for (const end of [async (own: Awaited<ReturnType<typeof as>>) => own.api.call('account.signOutEverywhere', {}), async () => admin.to('accounts.signOut', 'agent1')]) {
      const agent1 = await as('agent1');
      const desk = await connect(agent1.accessToken);
      expect(await end(agent1)).toEqual({ ok: true, value: null });
      await desk.gone;
      expect(await agent1.get('account')).toMatchObject({ error: { code: 'auth.replaced' } });
    }
  });
});

describe('a second factor', () => {
  it('is asked for after the password, and a code is good once', async () => {
    const { password, code, factor, audited } = await withTotp();
    const first = await password();
    expect(first).toEqual({ code: 'auth.second-factor-needed', ticket: expect.any(String), factors: ['totp', 'recovery'] });
    const now = code();
    expect((await factor(first.ticket, { kind: 'totp', code: now })).status).toBe(200);
    expect(await factor(first.ticket, { kind: 'totp', code: code() })).toMatchObject({ status: 401, result: { error: { code: 'auth.expired' } } });
    const second = await password();
    expect(await factor(second.ticket, { kind: 'totp', code: now })).toMatchObject({ status: 401, result: { error: { code: 'auth.factor-invalid' } } });
    expect(await audited()).toEqual(expect.arrayContaining(['agent1 auth.totp-added agent1', 'agent1 auth.factor-refused agent1']));
  });

  it('that is lost is stood in for by a recovery code, once', async () => {
    const { password, factor, recoveryCodes, audited } = await withTotp();
    const [code = ''] = recoveryCodes;
    expect((await factor((await password()).ticket, { kind: 'recovery', code })).status).toBe(200);
    expect((await factor((await password()).ticket, { kind: 'recovery', code })).status).toBe(401);
    expect(await audited()).toContain('agent1 auth.recovery-code-used agent1');
  });

  it('comes before the choice of a new password', async () => {
    const { as, trySignIn, step, code, factor } = await withTotp();
    const temporary = TemporaryPassword.parse(valueOf(await (await as('admin')).to('accounts.resetPassword', 'agent1')));
    const first = step((await trySignIn('agent1', temporary.password)).result);
    expect(first.code).toBe('auth.second-factor-needed');
    expect(step((await factor(first.ticket, { kind: 'totp', code: code() })).result)).toMatchObject({ code: 'auth.password-change-needed', ticket: expect.any(String) });
  });

  it('is taken away with the password, or by an administrator for who has lost everything', async () => {
    const { agent1, as, trySignIn, post } = await withTotp();
    expect(AccountView.parse(valueOf(await agent1.get('account')))).toMatchObject({ totp: true, recoveryCodesLeft: 10 });
    expect(await agent1.ask('totp/remove', { password: 'nope' })).toMatchObject({ error: { code: 'auth.invalid' } });
    await agent1.ask('totp/begin', { password: 'sangdam-demo' });
    expect(AccountView.parse(valueOf(await agent1.get('account')))).toMatchObject({ totp: true });
    expect(await (await as('admin')).to('accounts.removeFactors', 'agent1')).toEqual({ ok: true, value: null });
    expect((await trySignIn('agent1')).status).toBe(200);
    expect((await post('/api/auth/factor', { ticket: 'made-up', answer: { kind: 'totp', code: '000000' } })).status).toBe(401);
  });
});

describe('a second factor that a role must have', () => {
  const required = () => office({ secondFactorFor: ['admin'] });
  const codeOf = (secret: string, at: number) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });

  it('is set up at the sign-in, which is good for nothing else before; the recovery codes are shown before it goes on', async () => {
    const { trySignIn, step, post, store, audited } = await required();
    const factor = (ticket: unknown, answer: unknown) => post('/api/auth/factor', { ticket, answer });
    const first = step((await trySignIn('admin')).result);
    expect(first).toMatchObject({ code: 'auth.factor-setup-needed', factors: [] });
    const secret = first.authenticator?.secret ?? '';
    for (const answer of [{ kind: 'kept' }, { kind: 'totp', code: codeOf(secret, store.clock.at) }]) expect(await factor(first.ticket, answer)).toMatchObject({ status: 401, result: { error: { code: 'auth.expired' } } });
    expect((await post('/api/auth/new-password', { ticket: first.ticket, password: OWN })).status).toBe(401);
    expect(await factor(first.ticket, { kind: 'enrol', code: '000000' })).toMatchObject({ status: 401, result: { error: { code: 'auth.factor-invalid' } } });
    const second = step((await factor(first.ticket, { kind: 'enrol', code: codeOf(secret, store.clock.at) })).result);
    expect(second).toMatchObject({ code: 'auth.recovery-codes-given' });
    expect(second.recoveryCodes).toHaveLength(10);
    expect((await factor(first.ticket, { kind: 'kept' })).status).toBe(401);
    const { result } = await factor(second.ticket, { kind: 'kept' });
    expect(SignedIn.parse(valueOf(result)).me.role).toBe('admin');
    expect((await factor(second.ticket, { kind: 'kept' })).status).toBe(401);
    expect(await audited()).toContain('admin auth.totp-added admin');
    // From now on it is asked for, and one of the codes that were shown stands in for it.
    const again = step((await trySignIn('admin')).result);
    expect(again).toMatchObject({ code: 'auth.second-factor-needed', factors: ['totp', 'recovery'] });
    expect((await factor(again.ticket, { kind: 'recovery', code: second.recoveryCodes?.[0] })).status).toBe(200);
  });

  it('shuts nobody out: whose set-up broke off begins it anew, and others sign in as before', async () => {
    const { trySignIn, step, post, store } = await required();
    const [lost, first] = [step((await trySignIn('admin')).result), step((await trySignIn('admin')).result)];
    expect((await post('/api/auth/factor', { ticket: lost.ticket, answer: { kind: 'enrol', code: codeOf(lost.authenticator?.secret ?? '', store.clock.at) } })).status).toBe(401);
    const made = step((await post('/api/auth/factor', { ticket: first.ticket, answer: { kind: 'enrol', code: codeOf(first.authenticator?.secret ?? '', store.clock.at) } })).result);
    expect(made.code).toBe('auth.recovery-codes-given');
    expect((await trySignIn('agent1')).status).toBe(200);
  });

  it('comes before the choice of a new password, which a temporary one is for', async () => {
    const { trySignIn, step, post, store, as } = await office({ secondFactorFor: ['agent'] });
    const temporary = TemporaryPassword.parse(valueOf(await (await as('admin')).to('accounts.resetPassword', 'agent1')));
    const first = step((await trySignIn('agent1', temporary.password)).result);
    const second = step((await post('/api/auth/factor', { ticket: first.ticket, answer: { kind: 'enrol', code: codeOf(first.authenticator?.secret ?? '', store.clock.at) } })).result);
    const third = step((await post('/api/auth/factor', { ticket: second.ticket, answer: { kind: 'kept' } })).result);
    expect(third.code).toBe('auth.password-change-needed');
    expect((await post('/api/auth/new-password', { ticket: third.ticket, password: OWN })).status).toBe(200);
  });

  it('failure: the last one is not taken away by its owner', async () => {
    const { trySignIn, step, post, store } = await required();
    const first = step((await trySignIn('admin')).result);
    const second = step((await post('/api/auth/factor', { ticket: first.ticket, answer: { kind: 'enrol', code: codeOf(first.authenticator?.secret ?? '', store.clock.at) } })).result);
    const { accessToken } = SignedIn.parse(valueOf((await post('/api/auth/factor', { ticket: second.ticket, answer: { kind: 'kept' } })).result));
    const headers = { authorization: `Bearer ${accessToken}` };
    expect(await post('/api/auth/totp/remove', { password: 'sangdam-demo' }, headers)).toMatchObject({ status: 403, result: { error: { code: 'forbidden' } } });
    expect(await post('/api/auth/passkeys/remove', { password: 'sangdam-demo', credentialId: 'none' }, headers)).toMatchObject({ status: 404 });
  });
});

describe('failure: a second factor', () => {
  it('is not guessed: five wrong codes end the ticket, and the next ones are limited', async () => {
    const { password, factor } = await withTotp();
    const { ticket } = await password();
    for (let turn = 0; turn < 5; turn++) expect((await factor(ticket, { kind: 'totp', code: `00000${turn}` })).status).toBe(401);
    const other = await password();
    expect(await factor(other.ticket, { kind: 'totp', code: '000009' })).toMatchObject({ status: 429, result: { error: { code: 'auth.rate-limited' } } });
    expect(await factor(ticket, { kind: 'totp', code: '000009' })).toMatchObject({ status: 401, result: { error: { code: 'auth.expired' } } });
  });

  it('lets nobody in whose account was disabled meanwhile', async () => {
    const { as, password, factor, code } = await withTotp();
    const { ticket } = await password();
    await (await as('admin')).to('accounts.disable', 'agent1');
    expect((await factor(ticket, { kind: 'totp', code: code() })).status).toBe(401);
  });

  it('is no use with a ticket of another step', async () => {
    const { password, post } = await withTotp();
    const { ticket } = await password();
    expect((await post('/api/auth/new-password', { ticket, password: OWN })).result).toMatchObject({ error: { code: 'auth.expired' } });
  });
});

describe('failure: an administrator', () => {
  const toAccounts = endpointNames.filter((name) => endpoints[name].path.startsWith('/accounts/:agentId'));

  it('does to their own account nothing that is done to others’: a stolen token would become a way in', async () => {
    const { as, send, store } = await office();
    const { accessToken } = await as('admin');
    expect(toAccounts).toEqual(expect.arrayContaining(['accounts.resetPassword', 'accounts.removeFactors', 'invitations.make']));
    const answers = await Promise.all(toAccounts.map(async (name) => ({ name, ...(await send(`/api/v1${endpoints[name].path.replace(':agentId', 'admin')}`, {}, { authorization: `Bearer ${accessToken}` })) })));
    expect(answers.map(({ name, status, body }) => ({ name, status, body }))).toEqual(toAccounts.map((name) => ({ name, status: 403, body: expect.objectContaining({ code: 'forbidden', detail: 'not to your own account' }) })));
    expect(await store.db.selectFrom('invitations').selectAll().execute()).toEqual([]);
  });

  it('invites others, whom it lets in', async () => {
    const { as, trySignIn, send } = await office();
    const { path } = Invitation.parse(valueOf(await (await as('admin')).api.call('invitations.make', { agentId: AgentId.parse('agent1') })));
    expect(await send('/api/v1/invitations/use', { token: path.split('#')[1], password: OWN })).toMatchObject({ status: 200, body: { account: 'agent1' } });
    expect((await trySignIn('agent1', OWN)).status).toBe(200);
  });
});

describe('failure: who is no administrator', () => {
  it.each(['accounts.resetPassword', 'accounts.disable', 'accounts.enable', 'accounts.signOut', 'accounts.removeFactors'] as const)('may not ask for %s of anybody', async (what) => {
    const { as, send } = await office();
    for (const account of ['agent1', 'supervisor']) expect(await (await as(account)).to(what, 'agent2')).toMatchObject({ error: { code: 'forbidden' } });
    expect((await send(`/api/v1${endpoints[what].path.replace(':agentId', 'agent2')}`, {})).status).toBe(401);
  });

  it('sees no list of accounts; who is one sees them without hashes, and is not shut out by their own hand', async () => {
    const { as } = await office();
    expect(await (await as('supervisor')).api.call('accounts.list', {})).toMatchObject({ error: { code: 'forbidden' } });
    const admin = await as('admin');
    const list = await admin.api.call('accounts.list', {});
    expect(list).toMatchObject({ ok: true, value: expect.arrayContaining([{ agentId: 'agent1', account: 'agent1', role: 'agent', disabled: false, mustChange: false }]) });
    expect(JSON.stringify(list)).not.toContain('argon2');
    expect(await admin.to('accounts.disable', 'admin')).toMatchObject({ error: { code: 'forbidden' } });
    expect(await admin.to('accounts.disable', 'nobody')).toMatchObject({ error: { code: 'not-found' } });
  });
});
