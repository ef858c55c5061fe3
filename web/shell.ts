import type { IncomingHttpHeaders, IncomingMessage, Server as HttpServer } from 'node:http';
import { join } from 'node:path';
import { Server as SocketServer, type Socket } from 'socket.io';
import { CustomerCache, systemClock, type BridgeEvent, type Clock, type Logger } from '../agent/index.ts';
import { BRIDGE_PATH } from '../contract/cti/sign-in.ts';
import { fail } from '../contract/errors.ts';
import { browserOf, cookieFor, newBrowser } from './browser-cookie.ts';
import { loadCacheKey } from './cache-key.ts';
import { Sessions } from './sessions.ts';

/** Session descriptions are the longest messages; they stay far below this. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** A dead browser is noticed within their sum. */
const PING_EVERY_MS = 4000;
const PING_ANSWER_MS = 4000;
/** Calls a window may make within one second, and in one burst; a desk needs a dozen. */
const CALLS_PER_SECOND = 100;

export interface WebShellOptions {
  httpServer: HttpServer;
  /** Origin of the center; a function where its port is known only later. */
  centerUrl: string | (() => string);
  /** The shell keeps its customer cache, its key and the settings under `web` here. */
  dataDir: string;
  logger: Logger;
  clock?: Clock;
  sessionsMax?: number;
  environment?: NodeJS.ProcessEnv;
  /** Network address of the browser at the other end of a request; by default of the connection. */
  addressOf?: (request: IncomingMessage) => string;
  /** Headers by which the center knows whose browser asks through us: its address, and which connection of it. */
  introduce?: (address: string, connection: string) => Readonly<Record<string, string>>;
}

export interface WebShell {
  /** Live sessions, for the health report. */
  readonly sessions: number;
  /** Ends all sessions and sockets; the HTTP server is the caller's. */
  stop(): Promise<void>;
}

/**
 * The browser edition's host: a bridge socket on a given HTTP server, and behind it one agent session for each
 * browser, told apart by a cookie. All share one customer cache.
 */
export function createWebShell(options: WebShellOptions): WebShell {
  const { httpServer, dataDir, logger: log } = options;
  const dataFolder = join(dataDir, 'web');
  const cache = new CustomerCache({ file: join(dataFolder, 'customers.db'), key: loadCacheKey(dataFolder, log, options.environment), log });
  const { centerUrl } = options;
  const sessions = new Sessions({
    centerUrl: typeof centerUrl === 'function' ? centerUrl : () => centerUrl,
    dataFolder,
    cache,
    clock: options.clock ?? systemClock,
    log,
    maximum: options.sessionsMax ?? 500,
  });
  const sockets = new SocketServer(httpServer, {
    path: BRIDGE_PATH,
    transports: ['websocket'],
    serveClient: false,
    // Other sockets live on the same server.
    destroyUpgrade: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    pingInterval: PING_EVERY_MS,
    pingTimeout: PING_ANSWER_MS,
    perMessageDeflate: false,
    allowRequest: (request, decide) => decide(null, isOwnOrigin(request.headers)),
  });
  const given = giveCookies(sockets);
  const { addressOf = (request) => request.socket.remoteAddress ?? '', introduce = () => ({}) } = options;
  sockets.on('connection', (socket) => welcome(socket, sessions, browserOf(socket.request.headers.cookie) ?? given.get(socket.request) ?? null, introduce(addressOf(socket.request), socket.id), log));

  return {
    get sessions() {
      return sessions.size;
    },
    async stop() {
      sockets.disconnectSockets(true);
      sockets.engine.close();
      await sessions.stop();
      cache.close();
    },
  };
}

/** A browser without an id gets one with the answer to its handshake. */
function giveCookies(sockets: SocketServer): WeakMap<IncomingMessage, string> {
  const given = new WeakMap<IncomingMessage, string>();
  sockets.engine.on('initial_headers', (headers: Record<string, string>, request: IncomingMessage) => {
    if (browserOf(request.headers.cookie) !== null) return;
    const browser = newBrowser();
    given.set(request, browser);
    headers['set-cookie'] = cookieFor(browser, request.headers['x-forwarded-proto'] === 'https' || 'encrypted' in request.socket);
  });
  return given;
}

function welcome(socket: Socket, sessions: Sessions, browser: string | null, headers: Readonly<Record<string, string>>, log: Logger): void {
  const session = browser === null ? null : sessions.of(browser);
  if (browser === null || session === null) {
    log.warn({}, 'no room for another browser');
    socket.disconnect(true);
    return;
  }
  const { caller, detach } = session.attach(({ name, payload }: BridgeEvent) => void socket.emit('event', name, payload), headers);
  const allowance = new Allowance(CALLS_PER_SECOND);
  socket.on('call', (name: unknown, request: unknown, ...rest: unknown[]) => {
    const [acknowledge] = rest;
    if (typeof acknowledge !== 'function') return;
    if (!allowance.take()) {
      acknowledge(fail('rate-limited', 'too many calls', 1000));
      return;
    }
    void session.handleBridgeCall(name, request, caller).then((result) => acknowledge(result));
  });
  socket.once('disconnect', () => {
    detach();
    sessions.left(browser);
  });
}

/** A bucket of tokens that fills up within a second. */
class Allowance {
  private readonly perSecond: number;
  private tokens: number;
  private at = performance.now();

  constructor(perSecond: number) {
    this.perSecond = perSecond;
    this.tokens = perSecond;
  }

  take(): boolean {
    const now = performance.now();
    this.tokens = Math.min(this.perSecond, this.tokens + ((now - this.at) / 1000) * this.perSecond);
    this.at = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}

/** Only pages of this very host: the cookie alone must not open a session to another site's script. */
export function isOwnOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host && /^https?:$/.test(new URL(origin).protocol);
}
