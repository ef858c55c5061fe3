import type { FactorRequest } from '../../contract/account.ts';
import type { SignedIn, SignInRequest } from '../../contract/cti/index.ts';
import { fail, ok, type Result } from '../../contract/errors.ts';
import type { Me } from '../../contract/directory.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { Role } from '../../contract/permissions.ts';
import type { NextStep, SecondFactor } from '../../contract/second-factor.ts';
import type { Devices } from '../accounts/devices.ts';
import type { Passkeys } from '../accounts/passkeys.ts';
import { weaknessOf } from '../accounts/password-policy.ts';
import type { Step, Tickets } from '../accounts/tickets.ts';
import type { TotpFactors } from '../accounts/totp.ts';
import type { Clock, ContactCenter } from '../ports.ts';
import { accountOf, findAccount, isKnownPlace, rememberPlace, setPassword, type Account } from '../store/accounts.ts';
import { DEMO_PASSWORD } from '../store/demo/index.ts';
import { countFactors, passkeysOf, recoveryCodesLeft, totpOf } from '../store/factors.ts';
import type { Database } from '../store/index.ts';
import { hashPassword, type PasswordCheck } from '../store/passwords.ts';
import { endFamily, startFamily } from '../store/sessions.ts';
import type { Trail } from './audit-trail.ts';
import { networkOf } from '../bounds/network.ts';
import type { Limiter } from './limits.ts';
import type { Origin } from './origin.ts';
import { sipUrlsFor, type SipAddress } from './sip-address.ts';
import type { Attempt, SignInTurns } from './sign-in-turns.ts';
import type { AccessTokens } from './tokens.ts';

export interface SignInParts {
  center: Pick<ContactCenter, 'signIn' | 'me' | 'hasDesk' | 'endSignIn'>;
  db: Database;
  clock: Pick<Clock, 'now'>;
  tokens: AccessTokens;
  turns: SignInTurns;
  checkPassword: PasswordCheck;
  devices: Devices;
  /** Right sign-ins of one person. */
  ownAccount: Limiter;
  tickets: Tickets;
  totp: TotpFactors;
  passkeys: Passkeys;
  trail: Trail;
  /** Who must have a second factor. */
  secondFactorFor: ReadonlySet<Role>;
  demo: boolean;
  sip: SipAddress;
}

/**
 * The way in: password; second factor, where the account has one, or setting one up, where its role has to have one; a new
 * password, where the one given is good for no more. Each step answers the tokens of a sign-in, or what comes next with a ticket for it.
 */
export class SignIns {
  private readonly parts: SignInParts;

  constructor(parts: SignInParts) {
    this.parts = parts;
  }

  async withPassword({ account: name, password, client, device, console }: SignInRequest, from: Origin): Promise<Result<SignedIn>> {
    const { db, checkPassword, turns, trail, demo } = this.parts;
    if (!demo && password === DEMO_PASSWORD) return fail('auth.demo-refused', 'the demo password is refused outside demo mode');
    const account = await findAccount(db, name);
    const attempt = await this.attemptOf(name, account, device ?? null, from);
    const looked = await turns.run(attempt, async () => ((await checkPassword(account?.passwordHash ?? null, password)) ? account : null));
    // What was typed as a name that is none may be a password.
    const subject = account?.account ?? '';
    if (!looked.ok) {
      await trail.limited(`${attempt.account} ${attempt.network}`, subject, from);
      return looked;
    }
    if (looked.value === null) {
      await trail.write(null, 'auth.refused', subject, from, { client });
      return fail('auth.invalid', 'account or password is wrong');
    }
    return this.afterPassword(looked.value, { client, device: device ?? null, console: console ?? false }, from);
  }

  async withFactor({ ticket, answer }: FactorRequest, from: Origin): Promise<Result<SignedIn>> {
    if (answer.kind === 'enrol') return this.withNewFactor(ticket, answer.code, from);
    if (answer.kind === 'kept') return this.withCodesKept(ticket, from);
    const { tickets, trail, db } = this.parts;
    const step = tickets.look(ticket, 'factor');
    if (step === null || (await this.accountAt(step)) === null) return beginAnew;
    const { agentId } = step;
    // Counted by the person alone: only who has their password comes here.
    const looked = await this.counted(step, 'factor', from, async () => ((await this.isTheirs(agentId, ticket, answer, from)) ? true : null));
    if (!looked.ok) return looked;
    if (looked.value === null) {
      tickets.wrong(ticket);
      await trail.write(agentId, 'auth.factor-refused', agentId, from, { kind: answer.kind });
      return fail('auth.factor-invalid', 'wrong, or used before');
    }
    const account = await this.accountAt(step);
    if (account === null || !tickets.spend(ticket, 'factor')) return beginAnew;
    if (answer.kind === 'recovery') await trail.write(agentId, 'auth.recovery-code-used', agentId, from, { left: await recoveryCodesLeft(db, agentId) });
    return this.afterFactor(account, step, from);
  }

  /** The first code of the app that was set up a moment ago: from now on the account has a second factor. */
  private async withNewFactor(ticket: string, code: string, from: Origin): Promise<Result<SignedIn>> {
    const { tickets, totp, trail, clock } = this.parts;
    const step = tickets.look(ticket, 'enrol');
    if (step === null || (await this.accountAt(step)) === null) return beginAnew;
    const { agentId } = step;
    // Whoever has a second factor by now gives that.
    const looked = await this.counted(step, 'enrolling', from, () => totp.confirm(agentId, code, clock.now(), { asFirst: true }));
    if (!looked.ok) return looked;
    if (looked.value === null) {
      tickets.wrong(ticket);
      await trail.write(agentId, 'auth.factor-refused', agentId, from, { kind: 'enrol' });
      return fail('auth.factor-invalid', 'not the code of this secret');
    }
    if (!tickets.spend(ticket, 'enrol')) return beginAnew;
    await trail.write(agentId, 'auth.totp-added', agentId, from, {});
    return nextStep('auth.recovery-codes-given', { ticket: tickets.issue({ ...step, kind: 'kept' }), factors: [], recoveryCodes: looked.value });
  }

  private async withCodesKept(ticket: string, from: Origin): Promise<Result<SignedIn>> {
    const { tickets, db } = this.parts;
    const step = tickets.look(ticket, 'kept');
    const account = step === null ? null : await this.accountAt(step);
    // One that was set up and is gone again opens nothing.
    if (step === null || account === null || (await countFactors(db, step.agentId)) === 0 || !tickets.spend(ticket, 'kept')) return beginAnew;
    return this.afterFactor(account, step, from);
  }

  /** What to ask an authenticator for: its answer is one of `withFactor`. */
  async passkeyOptions(ticket: string, { party }: Origin): Promise<Result<unknown>> {
    const { tickets, passkeys } = this.parts;
    const step = tickets.look(ticket, 'factor');
    if (step === null) return beginAnew;
    if (party === null) return fail('input.invalid', 'the Host header is not a host');
    const options = await passkeys.authenticationOptions(step.agentId, party);
    tickets.setChallenge(ticket, options.challenge);
    return ok(options);
  }

  async withNewPassword({ ticket, password }: { ticket: string; password: string }, from: Origin): Promise<Result<SignedIn>> {
    const { tickets } = this.parts;
    const step = tickets.look(ticket, 'password');
    const account = step === null ? null : await this.accountAt(step);
    if (step === null || account === null) return beginAnew;
    const refused = await this.refusalOf(password, account, from);
    if (refused !== null) return refused;
    // Two at one moment: the first has it.
    if (!tickets.spend(ticket, 'password')) return beginAnew;
    const passwordHash = await this.replacePassword(account, password, from);
    return passwordHash === null ? beginAnew : this.begin({ ...step, passwordHash }, from);
  }

  /** Whether this account's role has to have a second factor. */
  mustHaveFactor({ role }: Account): boolean {
    return this.parts.secondFactorFor.has(role);
  }

  /** Why a password will not do, for this account; null when it will. */
  async refusalOf(password: string, account: Account, from: Origin): Promise<Result<never> | null> {
    const weakness = weaknessOf(password, account.account);
    if (weakness !== null) return fail('auth.password-weak', weakness);
    // Comparing with the one it was is a hash as well.
    const looked = await this.counted(account, 'choosing', from, async () => ((await this.parts.checkPassword(account.passwordHash, password)) ? null : true));
    if (!looked.ok) return looked;
    return looked.value === null ? fail('auth.password-weak', 'the password it was') : null;
  }

  /** Looks at something that a person who is in already may get wrong a few times: `what` has a count of its own. */
  counted<Value>({ agentId }: Pick<Account, 'agentId'>, what: string, from: Origin, check: () => Promise<Value | null>): Promise<Result<Value | null>> {
    return this.parts.turns.run(attemptAt(from, { account: agentId, known: `${what} ${agentId}`, exists: true }), check);
  }

  /**
   * The person has chosen a password: whatever was under way with the old one ends.
   * @returns its hash; null where the old one is another by now, as an administrator's who has reset it
   */
  async replacePassword({ agentId, passwordHash: was }: Account, password: string, from: Origin): Promise<string | null> {
    const { db, clock, tickets, trail } = this.parts;
    const passwordHash = await hashPassword(password);
    if (!(await setPassword(db, agentId, { passwordHash, changedAt: clock.now(), mustChange: false, expiresAt: null }, was))) return null;
    tickets.forget(agentId);
    await trail.write(agentId, 'auth.password-changed', agentId, from, {});
    return passwordHash;
  }

  /** Whether this is the person's password, asked once more by who is signed in. */
  async confirm(account: Account, password: string, from: Origin): Promise<Result<null>> {
    const { checkPassword, trail } = this.parts;
    const looked = await this.counted(account, 'confirming', from, async () => ((await checkPassword(account.passwordHash, password)) ? true : null));
    if (!looked.ok) return looked;
    if (looked.value !== null) return ok(null);
    await trail.write(account.agentId, 'auth.refused', account.account, from, { confirming: true });
    return fail('auth.invalid', 'the password is wrong');
  }

  private async attemptOf(name: string, account: Account | null, device: string | null, from: Origin): Promise<Attempt> {
    const { db, devices, clock } = this.parts;
    const key = name.toLowerCase();
    if (account === null) return attemptAt(from, { account: key, known: null, exists: false });
    const deviceId = device === null ? null : devices.idOf(account.agentId, device);
    if (deviceId !== null) return attemptAt(from, { account: key, known: `device ${deviceId}`, exists: true });
    const network = networkOf(from.address);
    const isKnown = await isKnownPlace(db, account.agentId, network, clock.now());
    return attemptAt(from, { account: key, known: isKnown ? `place ${account.agentId} ${network}` : null, exists: true });
  }

  private async afterPassword(account: Account, how: Pick<Step, 'client' | 'device' | 'console'>, from: Origin): Promise<Result<SignedIn>> {
    const { clock, tickets, trail } = this.parts;
    const { client } = how;
    const { agentId, passwordHash } = account;
    if (account.disabledAt !== null) {
      await trail.turnedAway(account.account, from, { client, disabled: true });
      return fail('auth.disabled', 'the account is disabled');
    }
    if (account.passwordExpiresAt !== null && account.passwordExpiresAt <= clock.now()) {
      await trail.turnedAway(account.account, from, { client, expired: true });
      return fail('auth.password-expired', 'the temporary password is no longer good');
    }
    const factors = await this.factorsOf(agentId);
    const step: Step = { kind: 'factor', agentId, passwordHash, ...how };
    if (factors.length > 0) return nextStep('auth.second-factor-needed', { ticket: tickets.issue(step), factors });
    if (!this.mustHaveFactor(account)) return this.afterFactor(account, step, from);
    const authenticator = await this.parts.totp.begin(agentId, account.account);
    // Somebody has set one up in this very moment.
    if (authenticator === null) return fail('auth.expired', 'begin the sign-in anew');
    return nextStep('auth.factor-setup-needed', { ticket: tickets.issue({ ...step, kind: 'enrol' }), factors: [], authenticator });
  }

  private async afterFactor(account: Account, step: Step, from: Origin): Promise<Result<SignedIn>> {
    if (account.mustChange) return nextStep('auth.password-change-needed', { ticket: this.parts.tickets.issue({ ...step, kind: 'password' }), factors: [] });
    return this.begin(step, from);
  }

  /** The account as it is now; null where the password that was given is not its password any more. */
  private async accountAt({ agentId, passwordHash }: Step): Promise<Account | null> {
    const account = await accountOf(this.parts.db, agentId);
    return account?.passwordHash === passwordHash ? account : null;
  }

  private async factorsOf(agentId: AgentId): Promise<SecondFactor[]> {
    const { db } = this.parts;
    const totp = await totpOf(db, agentId);
    const factors: SecondFactor[] = [];
    if (totp !== null && totp.confirmedAt !== null) factors.push('totp');
    if ((await passkeysOf(db, agentId)).length > 0) factors.push('passkey');
    if (factors.length > 0 && (await recoveryCodesLeft(db, agentId)) > 0) factors.push('recovery');
    return factors;
  }

  private async isTheirs(agentId: AgentId, ticket: string, answer: Exclude<FactorRequest['answer'], { kind: 'enrol' | 'kept' }>, { party }: Origin): Promise<boolean> {
    const { clock, totp, passkeys, tickets } = this.parts;
    const now = clock.now();
    switch (answer.kind) {
      case 'totp':
        return totp.check(agentId, answer.code, now);
      case 'recovery':
        return totp.checkRecovery(agentId, answer.code, now);
      case 'passkey': {
        const challenge = tickets.takeChallenge(ticket);
        return challenge !== null && party !== null && passkeys.check(agentId, answer.response, { challenge, party, now });
      }
    }
  }

  /** Every proof has been given: the desk gets its tokens and its phone. */
  private async begin(step: Step, from: Origin): Promise<Result<SignedIn>> {
    const { center, db, clock, tokens, devices, ownAccount, trail } = this.parts;
    const { agentId, client, device } = step;
    // Not sooner: who knows no more than the password shuts nobody out by this.
    const spent = await ownAccount.take(`sign-in ${agentId}`);
    if (spent) {
      await trail.limited(`sign-in ${agentId}`, agentId, from);
      return spent;
    }
    // As it is now: proofs take their time.
    const account = await this.accountAt(step);
    if (account === null) return beginAnew;
    if (account.disabledAt !== null) return fail('auth.disabled', 'the account is disabled');
    const opened = center.hasDesk(agentId) && !step.console ? await this.openDesk(step, from) : this.openConsole(agentId);
    if (!opened.ok) return opened;
    const { me, generation, sip } = opened.value;
    const issued = await startFamily(db, agentId, { kind: sip === null ? 'console' : 'desk', generation }, clock.now());
    // Whoever is shut out from here on finds this sign-in, and ends it with the others.
    const still = await this.accountAt(step);
    if (still === null || still.disabledAt !== null) {
      await endFamily(db, issued.familyId, clock.now());
      if (sip !== null) center.endSignIn(agentId);
      return beginAnew;
    }
    await rememberPlace(db, agentId, networkOf(from.address), clock.now());
    await trail.write(agentId, 'auth.signed-in', account.account, from, { client, ...(sip === null && { console: true }) });
    return ok({
      me,
      ...(await tokens.issue(issued)),
      refreshToken: issued.refreshToken,
      device: device !== null && devices.idOf(agentId, device) !== null ? device : devices.mark(agentId),
      sip,
    });
  }

  /** A telephone for who has one, and the desk with it: that of an earlier sign-in ends. */
  private async openDesk({ agentId, client }: Step, from: Origin): Promise<Result<Opened>> {
    const { center, sip } = this.parts;
    const [url = from.sipUrl, ...others] = sipUrlsFor(sip, agentId, from.isLocal);
    if (url === null) return fail('input.invalid', 'the Host header is not a host');
    const taken = await center.signIn(agentId, client);
    if (!taken.ok) return taken;
    const me = center.me(agentId, 'desk');
    if (me === null) return fail('unexpected', 'an account without an agent');
    const { sipUser, sipPassword, rejoin, generation } = taken.value;
    return ok({ me, generation, sip: { url, others, domain: sip.domain, user: sipUser, password: sipPassword, iceServers: sip.iceServers(agentId), rejoin } });
  }

  private openConsole(agentId: AgentId): Result<Opened> {
    const me = this.parts.center.me(agentId, 'console');
    return me === null ? fail('switch.unavailable', 'the center is not running') : ok({ me, generation: 0, sip: null });
  }
}

/** What a sign-in has opened: a desk, or without `sip` a console. */
interface Opened extends Pick<SignedIn, 'sip'> {
  me: Me;
  generation: number;
}

const beginAnew = fail('auth.expired', 'begin the sign-in anew');

const attemptAt = (from: Origin, who: Pick<Attempt, 'account' | 'known' | 'exists'>): Attempt => ({ ...who, network: networkOf(from.address), source: from.source, isGone: from.isGone });

function nextStep(code: 'auth.second-factor-needed' | 'auth.factor-setup-needed' | 'auth.recovery-codes-given' | 'auth.password-change-needed', step: NextStep): Result<never> {
  const { error } = fail(code, 'the password was right');
  return { ok: false, error: { ...error, step } };
}

