import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ChangePasswordRequest, Confirmed, ConfirmTotpRequest, RegisterPasskeyRequest, RemovePasskeyRequest, type AccountView } from '../../contract/account.ts';
import { done, fail, ok, type Result } from '../../contract/errors.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { Passkeys } from '../accounts/passkeys.ts';
import type { TotpFactors } from '../accounts/totp.ts';
import type { Clock } from '../ports.ts';
import { accountOf, type Account } from '../store/accounts.ts';
import { passkeysOf, recoveryCodesLeft, removePasskey, removeTotp, totpOf } from '../store/factors.ts';
import type { Database } from '../store/index.ts';
import type { AccountActions } from './account-actions.ts';
import type { Trail } from './audit-trail.ts';
import { callerOf, type Authenticate, type Caller } from './authentication.ts';
import { answer } from './http-answer.ts';
import type { Limiter } from './limits.ts';
import { originOf, type Origin, type Reach } from './origin.ts';
import type { SignIns } from './sign-in.ts';

export interface AccountRoutesOptions {
  db: Database;
  clock: Pick<Clock, 'now' | 'monotonic'>;
  authenticate: Authenticate;
  requests: Limiter;
  /** What one person does to their own account. */
  ownAccount: Limiter;
  reach: Reach;
  signIns: SignIns;
  actions: AccountActions;
  totp: TotpFactors;
  passkeys: Passkeys;
  trail: Trail;
}

/** One request of somebody who is signed in, about an account. */
interface Asked {
  caller: Caller;
  account: Account;
  from: Origin;
}

/** A challenge for a new passkey is good for so long, once. */
const CHALLENGE_LIFE_MS = 2 * 60_000;

/** One's own account: `/api/auth/account`, `/password`, `/totp`, `/passkeys`. */
export function addAccountRoutes(app: FastifyInstance, options: AccountRoutesOptions): void {
  const { db, clock, ownAccount, signIns, actions, totp, passkeys, trail } = options;
  const challenges = new Map<AgentId, { challenge: string; until: number }>();

  /** A route for who is signed in: `act` gets their account and the parsed body. */
  const own = <Schema extends z.ZodType>(path: string, body: Schema, act: (asked: Asked, body: z.output<Schema>) => Promise<Result<unknown>>): void => {
    app.post(`/api/auth/${path}`, async (request, reply) => {
      const asked = await whoAsks(options, request);
      if (!asked.ok) return answer(reply, asked);
      const parsed = body.safeParse(request.body ?? null);
      if (!parsed.success) return answer(reply, fail('input.invalid', 'the body is not what this takes'));
      const spent = await ownAccount.take(`change ${asked.value.account.agentId}`);
      return answer(reply, spent ?? (await act(asked.value, parsed.data)));
    });
  };
  /** The same, for what takes the password once more. */
  const confirmed = <Schema extends z.ZodType<{ password: string }>>(path: string, body: Schema, act: (asked: Asked, body: z.output<Schema>) => Promise<Result<unknown>>): void =>
    own(path, body, async (asked, given) => {
      const isTheirs = await signIns.confirm(asked.account, given.password, asked.from);
      return isTheirs.ok ? act(asked, given) : isTheirs;
    });
  const written = async ({ account: { agentId }, from }: Asked, action: string): Promise<Result<null>> => {
    await trail.write(agentId, action, agentId, from, {});
    return done();
  };

  app.get('/api/auth/account', async (request, reply) => {
    const asked = await whoAsks(options, request);
    return answer(reply, asked.ok ? ok(await viewOf(db, asked.value.account)) : asked);
  });

  own('password', ChangePasswordRequest, async ({ account, caller, from }, { current, next }) => {
    const isTheirs = await signIns.confirm(account, current, from);
    if (!isTheirs.ok) return isTheirs;
    const refused = await signIns.refusalOf(next, account, from);
    if (refused !== null) return refused;
    if ((await signIns.replacePassword(account, next, from)) === null) return fail('auth.expired', 'the password is another by now');
    await actions.endOthers(account.agentId, caller.familyId);
    return done();
  });

  confirmed('totp/begin', Confirmed, async ({ account }) => {
    const begun = await totp.begin(account.agentId, account.account);
    return begun === null ? fail('input.invalid', 'an authenticator is set up already: remove it first') : ok(begun);
  });
  own('totp/confirm', ConfirmTotpRequest, async (asked, { code }) => {
    const codes = await signIns.counted(asked.account, 'enrolling', asked.from, () => totp.confirm(asked.account.agentId, code, clock.now()));
    if (!codes.ok) return codes;
    if (codes.value === null) return fail('auth.factor-invalid', 'not the code of this secret');
    await written(asked, 'auth.totp-added');
    return ok({ recoveryCodes: codes.value });
  });
  confirmed('totp/remove', Confirmed, async (asked) => {
    const removal = await removeTotp(db, asked.account.agentId, signIns.mustHaveFactor(asked.account));
    return removal === 'last' ? lastFactor : written(asked, 'auth.totp-removed');
  });
  confirmed('recovery-codes', Confirmed, async (asked) => {
    const codes = await totp.newRecoveryCodes(asked.account.agentId);
    await written(asked, 'auth.recovery-codes-made');
    return ok({ recoveryCodes: codes });
  });

  confirmed('passkeys/begin', Confirmed, async ({ account, from }) => {
    if (from.party === null) return fail('input.invalid', 'the Host header is not a host');
    const creation = await passkeys.registrationOptions(account.agentId, account.account, from.party);
    challenges.set(account.agentId, { challenge: creation.challenge, until: clock.monotonic() + CHALLENGE_LIFE_MS });
    return ok(creation);
  });
  own('passkeys/finish', RegisterPasskeyRequest, async (asked, { response, label }) => {
    const { account, from } = asked;
    const begun = challenges.get(account.agentId);
    challenges.delete(account.agentId);
    if (begun === undefined || begun.until <= clock.monotonic() || from.party === null) return fail('auth.expired', 'begin anew');
    const isKept = await passkeys.register(account.agentId, response, { challenge: begun.challenge, label, party: from.party, now: clock.now() });
    return isKept ? written(asked, 'auth.passkey-added') : fail('auth.factor-invalid', 'not a passkey made for this page');
  });
  confirmed('passkeys/remove', RemovePasskeyRequest, async (asked, { credentialId }) => {
    const removal = await removePasskey(db, asked.account.agentId, credentialId, signIns.mustHaveFactor(asked.account));
    if (removal === 'last') return lastFactor;
    return removal === 'gone' ? written(asked, 'auth.passkey-removed') : fail('not-found', 'no such passkey');
  });
}

async function whoAsks({ authenticate, requests, db, reach }: AccountRoutesOptions, request: FastifyRequest): Promise<Result<Asked>> {
  const caller = await callerOf(authenticate, request.headers);
  if (!caller.ok) return caller;
  const spent = await requests.take(caller.value.agentId);
  if (spent) return spent;
  const account = await accountOf(db, caller.value.agentId);
  return account === null ? fail('not-found', 'no such account') : ok({ caller: caller.value, account, from: originOf(request, reach) });
}

const lastFactor = fail('forbidden', 'an account of this role has a second factor: set another up first');

async function hasTotp(db: Database, agentId: AgentId): Promise<boolean> {
  const totp = await totpOf(db, agentId);
  return totp !== null && totp.confirmedAt !== null;
}

async function viewOf(db: Database, { agentId, account, passwordChangedAt }: Account): Promise<AccountView> {
  return {
    account,
    passwordChangedAt,
    totp: await hasTotp(db, agentId),
    recoveryCodesLeft: await recoveryCodesLeft(db, agentId),
    passkeys: (await passkeysOf(db, agentId)).map(({ credentialId, label, createdAt, lastUsedAt }) => ({ credentialId, label, createdAt, lastUsedAt })),
  };
}
