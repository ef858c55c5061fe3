import type { FastifyInstance } from 'fastify';
import { FactorRequest, NewPasswordRequest, PasskeyOptionsRequest } from '../../contract/account.ts';
import { RefreshRequest, SignInRequest, type Refreshed } from '../../contract/cti/index.ts';
import { done, fail, ok, unreachable, type Result } from '../../contract/errors.ts';
import type { ContactCenter, Clock } from '../ports.ts';
import { isDisabled } from '../store/accounts.ts';
import type { Database } from '../store/index.ts';
import { endFamily, rotate } from '../store/sessions.ts';
import type { Trail } from './audit-trail.ts';
import { callerOf, type Authenticate } from './authentication.ts';
import { answer } from './http-answer.ts';
import type { Limiter } from './limits.ts';
import type { GatewayLogger } from './logger.ts';
import { networkOf } from '../bounds/network.ts';
import { originOf, type Origin, type Reach } from './origin.ts';
import type { SignIns } from './sign-in.ts';
import type { SipAddress } from './sip-address.ts';
import type { AccessTokens } from './tokens.ts';

export interface AuthRoutesOptions {
  center: Pick<ContactCenter, 'signOut'>;
  db: Database;
  clock: Pick<Clock, 'now'>;
  logger: GatewayLogger;
  tokens: AccessTokens;
  /** Of this installation alone: refresh tokens follow from it, too. */
  signingKey: Uint8Array;
  /** By which the web shell of this process is known; null: there is none. */
  reach: Reach;
  authenticate: Authenticate;
  signIns: SignIns;
  trail: Trail;
  /** Forged refresh tokens, by place. */
  refusals: Limiter;
  sip: SipAddress;
  /** A sign-in has ended: its sockets must go. */
  onFamilyEnded: (familyId: string) => void;
}

/** The way in and out: `POST /api/auth/sign-in`, `/factor`, `/new-password`, `/refresh`, `/sign-out`. Each answers a `Result`. */
export function addAuthRoutes(app: FastifyInstance, options: AuthRoutesOptions): void {
  const { center, db, clock, logger, tokens, authenticate, signIns, trail, onFamilyEnded } = options;
  const from = (request: Parameters<typeof originOf>[0]): Origin => originOf(request, options.reach);

  app.post('/api/auth/sign-in', async (request, reply) => {
    const parsed = SignInRequest.safeParse(request.body);
    return answer(reply, parsed.success ? await signIns.withPassword(parsed.data, from(request)) : fail('input.invalid', 'account, password and client are needed'));
  });

  app.post('/api/auth/factor', async (request, reply) => {
    const parsed = FactorRequest.safeParse(request.body);
    return answer(reply, parsed.success ? await signIns.withFactor(parsed.data, from(request)) : fail('input.invalid', 'a ticket and an answer are needed'));
  });

  app.post('/api/auth/factor/passkey-options', async (request, reply) => {
    const parsed = PasskeyOptionsRequest.safeParse(request.body);
    return answer(reply, parsed.success ? await signIns.passkeyOptions(parsed.data.ticket, from(request)) : fail('input.invalid', 'a ticket is needed'));
  });

  app.post('/api/auth/new-password', async (request, reply) => {
    const parsed = NewPasswordRequest.safeParse(request.body);
    return answer(reply, parsed.success ? await signIns.withNewPassword(parsed.data, from(request)) : fail('input.invalid', 'a ticket and a password are needed'));
  });

  app.post('/api/auth/refresh', async (request, reply) => {
    const parsed = RefreshRequest.safeParse(request.body);
    if (!parsed.success) return answer(reply, fail('input.invalid', 'a refresh token is needed'));
    return answer(reply, await refresh(parsed.data.refreshToken, from(request)));
  });

  app.post('/api/auth/sign-out', async (request, reply) => {
    const caller = await callerOf(authenticate, request.headers);
    if (!caller.ok) return answer(reply, caller);
    const { agentId, familyId, me } = caller.value;
    const signedOut = me.kind === 'desk' ? await center.signOut(agentId) : done();
    if (!signedOut.ok) return answer(reply, signedOut);
    await endFamily(db, familyId, clock.now());
    onFamilyEnded(familyId);
    await trail.write(agentId, 'auth.signed-out', agentId, from(request), {});
    logger.info({ agentId }, 'signed out');
    return answer(reply, done());
  });

  async function refresh(refreshToken: string, origin: Origin): Promise<Result<Refreshed>> {
    const rotation = await rotate(db, options.signingKey, refreshToken, clock.now());
    switch (rotation.outcome) {
      case 'rotated': {
        const { issued, again } = rotation;
        if (again) {
          logger.info({ agentId: issued.agentId }, 'a refresh was asked for again: the same tokens');
          await trail.repeated(issued.agentId, origin);
        }
        if (await isDisabled(db, issued.agentId)) return fail('auth.disabled', 'the account is disabled');
        return ok({ ...(await tokens.issue(issued)), refreshToken: issued.refreshToken, iceServers: issued.kind === 'desk' ? options.sip.iceServers(issued.agentId) : [] });
      }
      case 'replayed': {
        const { agentId, familyId } = rotation.family;
        logger.warn({ agentId }, 'a refresh token was used twice: its sign-in is ended');
        await trail.write(agentId, 'auth.refresh-replayed', agentId, origin, {});
        onFamilyEnded(familyId);
        return fail('auth.expired', 'this sign-in has ended');
      }
      case 'ended':
        return fail('auth.replaced', 'this sign-in has ended');
      case 'unknown':
        return (await options.refusals.take(networkOf(origin.address))) ?? fail('auth.expired', 'sign in again');
      case 'expired':
        return fail('auth.expired', 'sign in again');
      default:
        return unreachable(rotation);
    }
  }
}
