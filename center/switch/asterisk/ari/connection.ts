import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Disposer } from '../../../../contract/errors.ts';
import type { Clock } from '../../../ports.ts';
import { AriEvent, RestResponse, wantedEvents } from './messages.ts';

/*
 * One WebSocket to one Asterisk: events come in, REST requests go out and are answered on it (Asterisk 22). Against
 * a request by HTTP each, that halves the CPU a call costs, and keeps requests and events in one order.
 *
 *   idle ──start──▶ connecting ──open──▶ up ──close──▶ waiting ──delay──▶ connecting
 *                        └───────refused, unreachable──▶ waiting                stop: from any ──▶ idle
 */

export interface Account {
  /** Base of ARI: `http://HOST:8088/ari`, or https. */
  url: string;
  user: string;
  password: string;
}

export interface AriAnswer {
  /** HTTP status; 0 where no answer came: the connection was lost, or it took too long. */
  status: number;
  body: unknown;
}

/** What keeps the engine from its Asterisk, by which setting it is put right. */
export type Trouble = 'unauthorised' | 'unreachable' | 'not-ari' | 'lost';

export interface ConnectionListener {
  /** The socket is open: requests are possible. */
  connected(): void;
  /** Told once an outage, and again when its kind changes. */
  disconnected(trouble: Trouble, detail: string): void;
  event(event: AriEvent): void;
  /** A request took so long that callers will have noticed. */
  slow(request: string, tookMs: number): void;
  /** Asterisk said something that is not what its description promises. */
  nonsense(detail: string): void;
}

export interface ConnectionOptions {
  account: Account;
  /** Stasis applications, whose events come over this one socket. */
  apps: readonly string[];
  clock: Clock;
  listener: ConnectionListener;
  /** Uniform in [0, 1). */
  random?: () => number;
}

const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5000;
const SLOW_MS = 500;
const REQUEST_DEADLINE_MS = 10_000;
const CONNECT_DEADLINE_MS = 5000;
const PING_EVERY_MS = 3000;
/** Silence for so long, pings unanswered, is a dead socket. */
const DEAD_AFTER_MS = 8000;
const LEAVE_DEADLINE_MS = 500;
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

const Tagged = z.looseObject({ type: z.string() });

export class AriConnection {
  private readonly options: ConnectionOptions;
  private readonly authorization: string;
  private readonly pending = new Map<string, (answer: AriAnswer) => void>();
  private socket: WebSocket | null = null;
  private running = false;
  private open = false;
  private attempt = 0;
  private told: Trouble | null = null;
  private allAnswered: () => void = () => {};
  private cancelRetry: Disposer = () => {};
  private cancelPing: Disposer = () => {};
  private heardAt = 0;

  constructor(options: ConnectionOptions) {
    this.options = options;
    const { user, password } = options.account;
    this.authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }

  get isOpen(): boolean {
    return this.open;
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.connect();
  }

  /**
   * Takes leave properly: what was asked is answered first, and Asterisk must have forgotten this socket before another
   * may register the same applications.
   */
  async stop(): Promise<void> {
    this.running = false;
    this.cancelRetry();
    await this.answers();
    const { socket } = this;
    this.socket = null;
    this.closed();
    if (socket === null || socket.readyState !== WebSocket.OPEN) {
      socket?.terminate();
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.options.clock.setTimeout(resolve, LEAVE_DEADLINE_MS);
    socket.once('close', resolve);
    socket.close();
    await promise;
    cancel();
    socket.terminate();
  }

  /** Sends a REST request; answers always, with status 0 where Asterisk did not. `uri` is relative to ARI's base. */
  request(method: 'GET' | 'POST' | 'PUT' | 'DELETE', uri: string, body?: object): Promise<AriAnswer> {
    const { socket } = this;
    if (!this.running || !this.open || socket === null) return Promise.resolve({ status: 0, body: null });
    const id = randomUUID();
    const { clock, listener } = this.options;
    const from = clock.monotonic();
    return new Promise((resolve) => {
      const cancel = clock.setTimeout(() => settle({ status: 0, body: null }), REQUEST_DEADLINE_MS);
      const settle = (answer: AriAnswer): void => {
        cancel();
        this.pending.delete(id);
        if (this.pending.size === 0) this.allAnswered();
        const tookMs = clock.monotonic() - from;
        if (tookMs > SLOW_MS) listener.slow(`${method} ${uri}`, Math.round(tookMs));
        resolve(answer);
      };
      this.pending.set(id, settle);
      socket.send(JSON.stringify({
        type: 'RESTRequest', transaction_id: id, request_id: id, method, uri,
        ...(body !== undefined && { content_type: 'application/json', message_body: JSON.stringify(body) }),
      }));
    });
  }

  /** GET by HTTP, for what is no text: a recording. @throws what fetch throws; the caller looks at the status */
  fetch(uri: string): Promise<Response> {
    return fetch(`${this.options.account.url}/${uri}`, { headers: { authorization: this.authorization } });
  }

  /** Settles when nothing is asked any more, or will not be answered in time. */
  private answers(): Promise<void> {
    if (this.pending.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.options.clock.setTimeout(resolve, LEAVE_DEADLINE_MS);
      this.allAnswered = () => {
        cancel();
        resolve();
      };
    });
  }

  private connect(): void {
    const { account, apps } = this.options;
    const url = `${account.url.replace(/^http/, 'ws')}/events?app=${apps.map(encodeURIComponent).join(',')}&subscribeAll=false`;
    const socket = new WebSocket(url, {
      headers: { authorization: this.authorization },
      handshakeTimeout: CONNECT_DEADLINE_MS,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
    });
    this.socket = socket;
    let trouble: [Trouble, string] = ['lost', 'the connection was closed'];
    socket.on('open', () => this.opened(socket));
    socket.on('message', (data: Buffer) => this.received(data));
    socket.on('pong', () => this.heard());
    socket.on('unexpected-response', (_request, response) => {
      const status = response.statusCode ?? 0;
      trouble = [status === 401 || status === 403 ? 'unauthorised' : 'not-ari', `HTTP ${status}`];
      response.resume();
      socket.terminate();
    });
    socket.on('error', (error: Error & { code?: string }) => {
      if (trouble[0] === 'lost' && !this.open) trouble = ['unreachable', error.code ?? error.message];
    });
    socket.on('close', () => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.closed();
      this.retry(...trouble);
    });
  }

  private opened(socket: WebSocket): void {
    this.open = true;
    this.attempt = 0;
    this.told = null;
    this.heard();
    const ping = (): void => {
      if (this.options.clock.monotonic() - this.heardAt > DEAD_AFTER_MS) {
        socket.terminate();
        return;
      }
      socket.ping();
      this.cancelPing = this.options.clock.setTimeout(ping, PING_EVERY_MS);
    };
    ping();
    this.options.listener.connected();
  }

  private closed(): void {
    this.open = false;
    this.cancelPing();
    for (const settle of this.pending.values()) settle({ status: 0, body: null });
  }

  private retry(trouble: Trouble, detail: string): void {
    if (!this.running) return;
    const ceiling = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.attempt, 10));
    const delayMs = ceiling / 2 + ((this.options.random ?? Math.random)() * ceiling) / 2;
    this.attempt++;
    this.cancelRetry = this.options.clock.setTimeout(() => this.connect(), delayMs);
    if (this.told !== trouble) {
      this.told = trouble;
      this.options.listener.disconnected(trouble, detail);
    }
  }

  private heard(): void {
    this.heardAt = this.options.clock.monotonic();
  }

  private received(data: Buffer): void {
    this.heard();
    let message: unknown;
    try {
      message = JSON.parse(data.toString());
    } catch {
      this.options.listener.nonsense('no JSON');
      return;
    }
    const tagged = Tagged.safeParse(message);
    if (!tagged.success) this.options.listener.nonsense('a message without a type');
    else if (tagged.data.type === 'RESTResponse') this.answered(message);
    else if (wantedEvents.has(tagged.data.type)) this.happened(message, tagged.data.type);
  }

  private answered(message: unknown): void {
    const parsed = RestResponse.safeParse(message);
    if (!parsed.success) {
      this.options.listener.nonsense('a RESTResponse without its fields');
      return;
    }
    const { transaction_id: id, status_code: status, message_body: text } = parsed.data;
    this.pending.get(id)?.({ status, body: text === undefined || text === '' ? null : jsonOf(text) });
  }

  private happened(message: unknown, type: string): void {
    const event = AriEvent.safeParse(message);
    if (event.success) this.options.listener.event(event.data);
    else this.options.listener.nonsense(`${type}: ${event.error.issues.map(({ path }) => path.join('.')).join(', ')}`);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
