import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Server as SocketServer, type Socket } from 'socket.io';
import { createAgentSession, memorySettings, ScopedCaches, systemClock, type BridgeEvent, type Clock, type Logger } from '../agent/index.ts';
import { boundBacklog } from '../contract/backlog.ts';
import { BRIDGE_CALL_PATH, BRIDGE_PATH } from '../contract/cti/sign-in.ts';
import { contractIn } from '../contract/contract-version.ts';
import { fail } from '../contract/errors.ts';
import { isFromOwnPage } from '../contract/origin.ts';
import { createBridgeCall, isOtherPage, otherPage } from './bridge-call.ts';
import { loadCacheKey } from './cache-key.ts';
import { PersonSettings } from './person-settings.ts';
import { sessionIn } from './session-cookie.ts';
import { Sessions, type LiveSession } from './sessions.ts';

/** Session descriptions are the longest messages; they stay far below this. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** A dead browser is noticed within their sum. */
const PING_EVERY_MS = 4000;
const PING_ANSWER_MS = 4000;
/** A socket that has not said its first word by then is ended. */
const HANDSHAKE_TIMEOUT_MS = 5000;
/** Calls a window may make within one second, and in one burst; a desk needs a dozen. */
const CALLS_PER_SECOND = 100;
const HOUR_MS = 3_600_000;

export interface WebShellOptions {
  /** Its gateway lets nothing through that was meant for another host. */
  httpServer: HttpServer;
  /** Origin of the center; a function where its port is known only later. */
  centerUrl: string | (() => string);
  /** The shell keeps its customer caches, their key and people's settings under `web` here. */
  dataDir: string;
  logger: Logger;
  clock?: Clock;
  environment?: NodeJS.ProcessEnv;
  /** Origins whose pages may open sockets here besides our own. */
  allowedOrigins?: readonly string[];
  /** Whether a browser reached us over TLS; by default where the connection has it. */
  isSecure?: (request: IncomingMessage) => boolean;
  /** Network address of the browser at the other end of a request; by default of the connection. */
  addressOf?: (request: IncomingMessage) => string;
  /** Headers by which the center knows whose browser asks through us: its address, and which connection of it. */
  introduce?: (address: string, connection: string) => Readonly<Record<string, string>>;
  /** A session ends when nobody has done anything for so long (default 12 h), and in any case after so long (default 24 h). */
  idleMs?: number;
  absoluteMs?: number;
}

export interface WebShell {
  /** Live sessions, for the health report. */
  readonly sessions: number;
  /** Ends all sessions and sockets; the HTTP server is the caller's. */
  stop(): Promise<void>;
}

/**
 * The browser edition's host, on a given HTTP server: a way to sign in, and for whoever is signed in a bridge socket and
 * behind it one agent session, told by a cookie. Nothing is kept for anybody else. Those who may
 * see the same share a customer cache.
 */
export function createWebShell(options: WebShellOptions): WebShell {
  const { httpServer, dataDir, logger: log, allowedOrigins = [], isSecure = hasTls } = options;
  const dataFolder = join(dataDir, 'web');
  const caches = new ScopedCaches({ folder: dataFolder, key: loadCacheKey(dataFolder, log, options.environment), log });
  const sessions = createSessions(options, caches, dataFolder);
  const liveIn = (request: IncomingMessage): LiveSession | null => sessions.of(sessionIn(request.headers.cookie, isSecure(request)));
  const sockets = new SocketServer(httpServer, {
    path: BRIDGE_PATH,
    transports: ['websocket'],
    serveClient: false,
    // Other sockets live on the same server.
    destroyUpgrade: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    pingInterval: PING_EVERY_MS,
    pingTimeout: PING_ANSWER_MS,
    connectTimeout: HANDSHAKE_TIMEOUT_MS,
    perMessageDeflate: false,
  });
  const { addressOf = (request) => request.socket.remoteAddress ?? '', introduce = () => ({}) } = options;
  const take = createBridgeCall({
    sessions,
    allowedOrigins,
    isSecure,
    introduce: (request) => introduce(addressOf(request), `${request.socket.remoteAddress ?? ''}:${request.socket.remotePort ?? ''}`),
  });
  sockets.engine.use((request: IncomingMessage, response: ServerResponse, next: (error?: Error) => void) => {
    if (request.headers.upgrade === undefined && request.url === BRIDGE_CALL_PATH) void take(request, response).catch(() => request.socket.destroy());
    else next(isFromOwnPage(request.headers, allowedOrigins) && liveIn(request) !== null && !isOfAnother(request) ? undefined : new Error('refused'));
  });
  sockets.engine.on('connection', (line: Socket['conn']) => boundBacklog(line, () => log.warn({}, 'a window that does not read was cut off')));
  sockets.use((socket, next) => next(isOtherPage(contractIn(socket.handshake.auth)) ? Object.assign(new Error(otherPage.error.code), { data: otherPage.error }) : undefined));
  sockets.on('connection', (socket) => welcome(socket, sessions, liveIn(socket.request), introduce(addressOf(socket.request), socket.id)));

  return {
    get sessions() {
      return sessions.size;
    },
    async stop() {
      sockets.disconnectSockets(true);
      sockets.engine.close();
      await sessions.stop();
      caches.close();
    },
  };
}

function createSessions({ centerUrl, logger: log, clock = systemClock, idleMs = 12 * HOUR_MS, absoluteMs = 24 * HOUR_MS }: WebShellOptions, caches: ScopedCaches, dataFolder: string): Sessions {
  return new Sessions({
    clock,
    log,
    idleMs,
    absoluteMs,
    create: (onEnded) =>
      createAgentSession({
        host: 'web',
        server: typeof centerUrl === 'function' ? centerUrl : () => centerUrl,
        allowOtherServers: false,
        cache: caches.forSession(),
        settings: memorySettings(),
        settingsOf: (person) => PersonSettings.open(join(dataFolder, 'people'), person, log),
        onEnded,
        clock,
        log,
      }),
  });
}

const hasTls = ({ socket }: IncomingMessage): boolean => 'encrypted' in socket;

/** Engine.IO would give a socket to whoever names its id; no client of ours changes its transport. */
const isOfAnother = ({ url = '' }: IncomingMessage): boolean => new URL(url, 'http://host').searchParams.has('sid');

function welcome(socket: Socket, sessions: Sessions, live: LiveSession | null, headers: Readonly<Record<string, string>>): void {
  const answering = new Set<Promise<void>>();
  const end = (): void => void Promise.allSettled(answering).then(() => socket.disconnect(true));
  if (live === null || !live.join(end)) return end();
  const { session } = live;
  const { caller, detach } = session.attach(({ name, payload }: BridgeEvent) => void socket.emit('event', name, payload), headers);
  const allowance = new Allowance(CALLS_PER_SECOND);
  socket.on('call', (name: unknown, request: unknown, ...rest: unknown[]) => {
    const [acknowledge] = rest;
    if (typeof acknowledge !== 'function') return;
    if (!allowance.take()) {
      acknowledge(fail('rate-limited', 'too many calls', 1000));
      return;
    }
    if (sessions.of(live.id) === null) {
      acknowledge(fail('session.not-signed-in', 'this session is over'));
      return;
    }
    sessions.used(live, name, request);
    const answered = session.handleBridgeCall(name, request, caller).then((result) => acknowledge(result));
    answering.add(answered);
    void answered.finally(() => answering.delete(answered));
  });
  socket.once('disconnect', () => {
    detach();
    live.part(end);
    sessions.left(live);
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
