import type { AddressInfo } from 'node:net';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Role } from '../../contract/permissions.ts';
import { fail } from '../../contract/errors.ts';
import type { Clock, ContactCenter } from '../ports.ts';
import { Devices } from '../accounts/devices.ts';
import { Passkeys } from '../accounts/passkeys.ts';
import { Tickets } from '../accounts/tickets.ts';
import { TotpFactors } from '../accounts/totp.ts';
import { causeOf, type Store } from '../store/index.ts';
import { createPasswordCheck } from '../store/passwords.ts';
import { endFamily } from '../store/sessions.ts';
import { SignedAddresses } from './api/signed-address.ts';
import type { Media } from '../media/index.ts';
import { createCapabilities } from '../capabilities.ts';
import { SetUpCode } from '../set-up/code.ts';
import { AccountActions } from './account-actions.ts';
import { addAccountRoutes } from './account-routes.ts';
import { addDocument } from './api/document.ts';
import { addEndpoints } from './api/adder.ts';
import { createApiAuthenticate } from './api/callers.ts';
import { AuditQueue } from './audit-queue.ts';
import { Buckets } from './buckets.ts';
import { createTrail } from './audit-trail.ts';
import { addAuthRoutes } from './auth-routes.ts';
import { createAuthenticate, type Authenticate } from './authentication.ts';
import { boundConnections, httpTimeouts } from './connections.ts';
import { createCtiSocket, type CtiSocket } from './cti-socket.ts';
import { addHealthRoute } from './health.ts';
import { answerOnlyTo } from './hosts.ts';
import { refuse } from './refuse.ts';
import { createLimiter, defaultLimits, type Limiter, type Limits } from './limits.ts';
import type { GatewayLogger } from './logger.ts';
import { browserOf } from './origin.ts';
import { addPages } from './pages.ts';
import { harmIn } from './tame.ts';
import { SignIns } from './sign-in.ts';
import { SignInTurns } from './sign-in-turns.ts';
import { Proxies, takeHostsFrom } from './proxies.ts';
import type { SipAddress } from './sip-address.ts';
import { createAccessTokens, type AccessTokens } from './tokens.ts';

export type { GatewayLogger, Limits, SipAddress };
export { isAllowedOrigin } from '../../contract/origin.ts';
export { refuseUpgrade } from './hosts.ts';
export { defaultLimits } from './limits.ts';
export { BROWSER_HEADER } from './origin.ts';
export { Proxies } from './proxies.ts';
export { loadSigningKey } from './tokens.ts';

const MAX_BODY_BYTES = 64 * 1024;

export interface GatewayOptions {
  center: ContactCenter;
  store: Store;
  clock: Clock;
  logger: GatewayLogger;
  /** Signs access tokens: 32 bytes of this installation alone. */
  signingKey: Uint8Array;
  /** Shared with the web shell of this process alone: by it a request may say whose browser asks. */
  shellSecret?: string;
  version: string;
  /** Count of the oldest desks that are still understood; by default those of this version's contract. */
  oldestDesk?: number;
  /** Whether the demo's password is accepted. */
  demo: boolean;
  sip: SipAddress;
  /** What keeps the center from its switch, in words for the operator; null when nothing does. */
  switchTrouble?: () => string | null;
  /** What should be put right at it though it works. */
  switchWarning?: () => string | null;
  /** The same of a certificate that cannot be renewed. */
  tlsTrouble?: () => string | null;
  /** What keeps jobs from being done; calls go on without. */
  workerTrouble?: () => string | null;
  /** What keeps sounds from being read and kept; calls go on, and hear those that come with the program. */
  mediaTrouble?: () => string | null;
  /** Where jobs put the files that they make; by default there are none. */
  filesFolder?: string;
  /** Where bytes are kept; by default nowhere. */
  media?: Media;
  /** Folder of the built web edition, or null. */
  webFolder: string | null;
  /** Origins whose pages may open sockets here besides our own, as `https://desk.example`. */
  allowedOrigins?: readonly string[];
  /** Names people reach us by besides the address we listen on and loopback, without port; asked for with each request. */
  allowedHosts?: () => readonly string[];
  /** Whose word on whom they speak for counts; by default nobody's. */
  proxies?: Proxies;
  /** The address people reach us by, as an origin; by default the one by which each has reached us. */
  publicUrl?: string | null;
  limits?: Partial<Limits>;
  /** Whose contacts' memos an agent and a supervisor may read. Default: of their own groups. */
  historyScope?: 'groups' | 'all';
  /** Who must have a second factor, and sets one up at the sign-in where there is none. Default: nobody. */
  secondFactorFor?: readonly Role[];
  /** By which a center without an administrator is set up. Default, and null: not this way. */
  setUpCode?: string | null;
}

/** `path` as Fastify writes it: `/api/things/:id`, `*` for the rest. */
export interface Route {
  method: string;
  path: string;
}

export interface Gateway {
  /** For other parts of the program that take upgrades or sockets on the same port. */
  readonly server: HttpServer;
  /** Everything that is answered by a route of its own, so that a check of them all misses none. */
  readonly routes: readonly Route[];
  /** @returns the port, which the system chose for 0. @throws when it cannot be listened on */
  listen(address: { host: string; port: number }): Promise<number>;
  /** Ends all sockets, after what was told them is on its way, and the server. */
  close(): Promise<void>;
}

/** The center's door: REST, the desks' sockets and the pages, on one HTTP server. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { center, store, clock, logger, limits } = options;
  const proxies = options.proxies ?? new Proxies();
  const app = createApp(logger, proxies);
  const names: string[] = [];
  answerOnlyTo(app.server, () => [...names, ...(options.allowedHosts?.() ?? []).map((name) => name.toLowerCase())], logger);
  takeHostsFrom(proxies, app.server);
  // The web shell's word counts by its secret, a proxy's by its address.
  const addressOf = (request: IncomingMessage): string => browserOf(request.headers, options.shellSecret ?? null)?.address ?? proxies.addressOf(request);
  boundConnections(app.server, addressOf, clock);
  const routes: Route[] = [];
  app.addHook('onRoute', ({ method, url }) => void routes.push(...[method].flat().map((one) => ({ method: one, path: url }))));
  const tokens = createAccessTokens(options.signingKey, clock);
  const authenticate = createAuthenticate(tokens, store.db, center);
  const allowance = { ...defaultLimits, ...limits };
  const audit = new AuditQueue(store.db, clock, logger);
  const refusals = createLimiter(allowance.refusalsPerAddress, 'auth.rate-limited');

  const cti: CtiSocket = createCtiSocket(app.server, {
    center,
    authenticate,
    clock,
    refusals,
    logger,
    commands: createLimiter(allowance.commands, 'rate-limited'),
    dialling: createLimiter(allowance.dialling, 'rate-limited'),
    allowedOrigins: options.allowedOrigins ?? [],
    addressOf,
    ...(options.oldestDesk !== undefined && { oldestDesk: options.oldestDesk }),
    onSignedOut: (familyId) => void endFamily(store.db, familyId, clock.now()).catch((error: unknown) => logger.error({ err: error }, 'a sign-in could not be ended')),
    audit: (actor, action, subject, request, result, address) =>
      audit.ended({ at: clock.now(), actor, action, subject, address, details: chosenIn(request) }, result),
  });
  const requests = createLimiter(allowance.requests, 'rate-limited');
  const actions = await addAccounts(app, options, { authenticate, refusals, requests, cti, tokens, allowance, audit });
  const signed = new SignedAddresses({ signingKey: options.signingKey, db: store.db, clock, center });
  const capabilities = createCapabilities({
    db: store.db, media: options.media ?? null, signAddress: (path, caller) => signed.sign(path, caller), filesFolder: options.filesFolder ?? '', clock, center, logger, accounts: actions, setUpCode: options.setUpCode === undefined || options.setUpCode === null ? null : new SetUpCode(options.setUpCode, clock),
    wrongCodes: new Buckets(allowance.setUpCodes, clock), passwordChosen: (agentId) => actions.passwordChosen(agentId), guests: createLimiter(allowance.guests, 'rate-limited'),
    copies: createLimiter(allowance.copies, 'rate-limited'), reports: createLimiter(allowance.reports, 'rate-limited'), historyScope: options.historyScope ?? 'groups',
  });
  const trail = createTrail(audit, clock);
  const apiAuthenticate = createApiAuthenticate({ people: authenticate, db: store.db, clock, center, refusals, trail });
  addEndpoints(app, capabilities.handlers, { authenticate: apiAuthenticate, signed, requests, keys: createLimiter(allowance.keys, 'rate-limited'), strangers: createLimiter(allowance.strangers, 'rate-limited'), trail, addressOf, audit, clock });
  addDocument(app);
  addHealthRoute(app, { ...options, authenticate, desks: () => cti.connections });
  await addPages(app, options.webFolder, options.demo);
  await app.ready();

  return {
    server: app.server,
    routes,
    listen: async ({ host, port }) => {
      names.push(host.toLowerCase());
      await app.listen({ host, port });
      // A server of its own port has an address of this shape (never a pipe's name).
      return (app.server.address() as AddressInfo).port;
    },
    close: async () => {
      cti.close();
      await app.close();
      await capabilities.close();
      await audit.close();
    },
  };
}

interface Doors {
  authenticate: Authenticate;
  refusals: Limiter;
  requests: Limiter;
  cti: CtiSocket;
  tokens: AccessTokens;
  allowance: Limits;
  audit: AuditQueue;
}

/** The way in, and what is done to accounts. */
async function addAccounts(app: FastifyInstance, options: GatewayOptions, { authenticate, refusals, requests, cti, tokens, allowance, audit }: Doors): Promise<AccountActions> {
  const { center, store, clock, logger, signingKey, demo, sip } = options;
  const { db } = store;
  const trail = createTrail(audit, clock);
  const tickets = new Tickets(clock);
  const totp = new TotpFactors(db, signingKey);
  const passkeys = new Passkeys(db, signingKey);
  const turns = new SignInTurns(allowance.signIn, clock);
  const ownAccount = createLimiter(allowance.ownAccount, 'auth.rate-limited');
  const signIns = new SignIns({ center, db, clock, tokens, turns, checkPassword: await createPasswordCheck(), devices: new Devices(signingKey), ownAccount, tickets, totp, passkeys, trail, secondFactorFor: new Set(options.secondFactorFor), demo, sip });
  const reach = { shellSecret: options.shellSecret ?? null, publicUrl: options.publicUrl ?? null };
  addAuthRoutes(app, { center, db, clock, logger, tokens, signingKey, reach, authenticate, signIns, trail, refusals, sip, onFamilyEnded: (familyId) => cti.endFamily(familyId) });
  const actions = new AccountActions({ center, db, clock, cti, tickets, trail });
  addAccountRoutes(app, { db, clock, authenticate, requests, ownAccount, reach, signIns, actions, totp, passkeys, trail });
  return actions;
}

/** Names of what was chosen may be kept; what was written about a customer may not. */
function chosenIn(request: unknown): Record<string, unknown> {
  if (typeof request !== 'object' || request === null) return {};
  return Object.fromEntries(Object.entries(request).filter(([key]) => key === 'choice' || key === 'open'));
}

function createApp(logger: GatewayLogger, proxies: Proxies): FastifyInstance {
  const app = Fastify({
    logger: false,
    trustProxy: (address: string) => proxies.trusts(address),
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    keepAliveTimeout: httpTimeouts.keepAliveTimeout,
    requestTimeout: httpTimeouts.requestTimeout,
    http: httpTimeouts,
    frameworkErrors: (_error, request, reply) => void refuse(request, reply, fail('input.invalid', 'not an address')),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, null);
    try {
      const value: unknown = JSON.parse(String(body));
      const harm = harmIn(value);
      return harm === null ? done(null, value) : done(badInput(harm));
    } catch {
      return done(badInput('not JSON'));
    }
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status === 413) return refuse(request, reply, fail('input.too-large', `at most ${MAX_BODY_BYTES} bytes`));
    if (status < 500) return refuse(request, reply, fail('input.invalid', error.message));
    logger.error({ err: error, route: request.routeOptions.url ?? '' }, 'a request failed unexpectedly');
    if (causeOf(error) !== null) return refuse(request, reply, fail('store.unavailable', 'the center cannot write now'));
    return refuse(request, reply, fail('unexpected', 'the center failed at this'));
  });
  return app;
}

const badInput = (message: string): Error => Object.assign(new Error(message), { statusCode: 400 });
