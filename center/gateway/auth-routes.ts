import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RefreshRequest, SignInRequest, type IceServers, type Refreshed, type SignedIn } from '../../contract/cti/index.ts';
import { done, fail, ok, unreachable, type Result } from '../../contract/errors.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { Clock, ContactCenter } from '../ports.ts';
import type { PasswordCheck } from '../store/accounts.ts';
import { appendAudit } from '../store/audit-log.ts';
import { DEMO_PASSWORD } from '../store/demo/index.ts';
import type { Database } from '../store/index.ts';
import { endFamily, rotate, startFamily, type IssuedToken } from '../store/sessions.ts';
import { hostOf } from './addresses.ts';
import { bearerOf, type Authenticate } from './authentication.ts';
import { answer } from './http-answer.ts';
import type { Limiter } from './limits.ts';
import type { GatewayLogger } from './logger.ts';
import type { AccessTokens } from './tokens.ts';

/** Where desks' phones register. */
export interface SipAddress {
  /** They register at each. None: on the path `/sip` of the address by which the client reached us. */
  urls: readonly string[];
  domain: string;
  /** STUN and TURN servers for this person, with credentials that are good for a while from now. */
  iceServers: (agentId: AgentId) => IceServers;
}

export interface AuthRoutesOptions {
  center: Pick<ContactCenter, 'signIn' | 'signOut' | 'me'>;
  db: Database;
  clock: Pick<Clock, 'now'>;
  logger: GatewayLogger;
  tokens: AccessTokens;
  /** Of this installation alone: refresh tokens follow from it, too. */
  signingKey: Uint8Array;
  authenticate: Authenticate;
  checkPassword: PasswordCheck;
  perAccount: Limiter;
  perAddress: Limiter;
  demo: boolean;
  sip: SipAddress;
  /** A sign-in has ended: its sockets must go. */
  onFamilyEnded: (familyId: string) => void;
}

/** `POST /api/auth/sign-in`, `/refresh`, `/sign-out`. Each answers a `Result`. */
export function addAuthRoutes(app: FastifyInstance, options: AuthRoutesOptions): void {
  const { center, db, clock, logger, tokens, authenticate, perAddress, onFamilyEnded } = options;

  app.post('/api/auth/sign-in', async (request, reply) => {
    const parsed = SignInRequest.safeParse(request.body);
    return answer(reply, parsed.success ? await signIn(options, request, parsed.data) : fail('input.invalid', 'account, password and client are needed'));
  });

  app.post('/api/auth/refresh', async (request, reply) => {
    const parsed = RefreshRequest.safeParse(request.body);
    if (!parsed.success) return answer(reply, fail('input.invalid', 'a refresh token is needed'));
    return answer(reply, await refresh(parsed.data.refreshToken, request.ip));
  });

  app.post('/api/auth/sign-out', async (request, reply) => {
    const token = bearerOf(request.headers.authorization);
    const caller = token === null ? fail('auth.invalid', 'a bearer token is needed') : await authenticate(token);
    if (!caller.ok) return answer(reply, caller);
    const { agentId, familyId } = caller.value;
    const signedOut = await center.signOut(agentId);
    if (!signedOut.ok) return answer(reply, signedOut);
    await endFamily(db, familyId, clock.now());
    onFamilyEnded(familyId);
    logger.info({ agentId }, 'signed out');
    return answer(reply, done());
  });

  async function refresh(refreshToken: string, address: string): Promise<Result<Refreshed>> {
    const rotation = await rotate(db, options.signingKey, refreshToken, clock.now());
    switch (rotation.outcome) {
      case 'rotated': {
        const { issued, again } = rotation;
        if (again) {
          logger.info({ agentId: issued.agentId }, 'a refresh was asked for again: the same tokens');
          await appendAudit(db, { at: clock.now(), actor: issued.agentId, action: 'auth.refresh-repeated', subject: issued.agentId, address, details: {} });
        }
        return ok({ ...(await tokens.issue(issued)), refreshToken: issued.refreshToken, iceServers: options.sip.iceServers(issued.agentId) });
      }
      case 'replayed': {
        const { agentId, familyId } = rotation.family;
        logger.warn({ agentId }, 'a refresh token was used twice: its sign-in is ended');
        await appendAudit(db, { at: clock.now(), actor: agentId, action: 'auth.refresh-replayed', subject: agentId, address, details: {} });
        onFamilyEnded(familyId);
        return fail('auth.expired', 'this sign-in has ended');
      }
      case 'ended':
        return fail('auth.replaced', 'this sign-in has ended');
      case 'unknown':
        return (await perAddress.take(address)) ?? fail('auth.expired', 'sign in again');
      case 'expired':
        return fail('auth.expired', 'sign in again');
      default:
        return unreachable(rotation);
    }
  }
}

async function signIn(options: AuthRoutesOptions, request: FastifyRequest, { account, password, client }: SignInRequest): Promise<Result<SignedIn>> {
  const { center, db, clock, logger, checkPassword, perAccount, perAddress, tokens } = options;
  const accountKey = `${account.toLowerCase()} ${request.ip}`;
  const spent = (await perAccount.isSpent(accountKey)) ?? (await perAddress.isSpent(request.ip));
  if (spent) return spent;
  // Counted before the password is looked at, or attempts at one moment would all pass. The right one gives it back.
  const tooMany = await perAccount.take(accountKey);
  if (tooMany) return tooMany;

  const audit = (actor: AgentId | null, action: string) => appendAudit(db, { at: clock.now(), actor, action, subject: account, address: request.ip, details: { client } });
  if (!options.demo && password === DEMO_PASSWORD) return fail('auth.demo-refused', 'the demo password is refused outside demo mode');
  const agentId = await checkPassword(account, password);
  if (agentId === null) {
    await perAddress.take(request.ip);
    await audit(null, 'auth.refused');
    return fail('auth.invalid', 'account or password is wrong');
  }
  await perAccount.forget(accountKey);

  const [url = sipUrlOf(request), ...others] = takeTurns(options.sip.urls, agentId);
  if (url === null) return fail('input.invalid', 'the Host header is not a host');
  const taken = await center.signIn(agentId, client);
  if (!taken.ok) return taken;
  const me = center.me(agentId);
  if (me === null) return fail('unexpected', 'an account without an agent');
  const issued: IssuedToken = await startFamily(db, agentId, taken.value.generation, clock.now());
  await audit(agentId, 'auth.signed-in');
  logger.info({ agentId, client }, 'signed in');
  return ok({
    me,
    ...(await tokens.issue(issued)),
    refreshToken: issued.refreshToken,
    sip: { url, others, domain: options.sip.domain, user: taken.value.sipUser, password: taken.value.sipPassword, iceServers: options.sip.iceServers(agentId), rejoin: taken.value.rejoin },
  });
}

/** The switch's address as this client can reach it: the way it reached us. */
function sipUrlOf(request: FastifyRequest): string | null {
  const host = hostOf(request.headers);
  return host === null ? null : `${request.protocol === 'https' ? 'wss' : 'ws'}://${host}/sip`;
}

/** Phones dial through the first that works: agents do not all have the same one there, and each always has the same. */
function takeTurns(urls: readonly string[], agentId: AgentId): readonly string[] {
  const turn = Buffer.from(agentId).reduce((sum, byte) => sum + byte, 0) % urls.length;
  return [...urls.slice(turn), ...urls.slice(0, turn)];
}
