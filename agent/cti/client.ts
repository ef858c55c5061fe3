import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { ctiCommands, type CtiCommandName, type CtiRequest, type CtiResponse } from '../../contract/cti/commands.ts';
import { EventEnvelope, parseCtiEvent, type CtiEvent } from '../../contract/cti/events.ts';
import { type CtiSnapshot } from '../../contract/cti/snapshot.ts';
import { CTI_PATH } from '../../contract/cti/sign-in.ts';
import { TopicMessage } from '../../contract/cti/topics.ts';
import { contractIn, understood, type Understood } from '../../contract/contract-version.ts';
import { AppError, fail, ok, resultOf, type Disposer, type Result } from '../../contract/errors.ts';
import type { Clock } from '../clock.ts';
import { Emitter } from '../../contract/emitter.ts';
import type { Logger } from '../logger.ts';
import { connectionErrorCode, webSocketAgent } from '../network.ts';
import { reconnectPolicy, retryDelayMs, type RetryPolicy } from '../retry.ts';
import type { Tokens } from './tokens.ts';

const COMMAND_TIMEOUT_MS = 8000;
const CONNECT_TIMEOUT_MS = 5000;

export type CtiState = 'connected' | 'connecting' | 'lost';

export type CtiClientEvent =
  /** The whole truth; replaces everything known. */
  | { type: 'snapshot'; snapshot: CtiSnapshot }
  | { type: 'event'; event: CtiEvent }
  /** What is looked at, beside the numbered events. */
  | { type: 'topic'; message: TopicMessage }
  | { type: 'state'; state: CtiState; error: AppError | null }
  /** The center ended this sign-in; the client has stopped. */
  | { type: 'ended'; error: AppError };

export interface CtiClientOptions {
  server: string;
  tokens: Tokens;
  clock: Clock;
  log: Logger;
  /** Go along with the handshake; asked for with each. */
  headers?: () => Readonly<Record<string, string>>;
  retry?: RetryPolicy;
  /** By default what this version understands. */
  understood?: Understood;
}

/**
 * The CTI socket: numbered events, commands with idempotency keys. After each connection and after each gap in the
 * numbers a snapshot is fetched; until it is here, events are held back. Commands are never queued: without a
 * connection they fail at once, as a stale hang-up would end the wrong call.
 */
export class CtiClient {
  private readonly options: CtiClientOptions;
  private readonly events = new Emitter<CtiClientEvent>();
  private readonly socket: Socket;
  private readonly understood: Understood;
  private state: CtiState = 'lost';
  /** Number of the last event taken; null while a snapshot is awaited. */
  private seq: number | null = null;
  private held: EventEnvelope[] = [];
  private stopped = false;
  private attempt = 0;
  /** Whether the center of the last connection was. */
  private tooOld = false;
  private stopRetry: Disposer = () => {};

  constructor(options: CtiClientOptions) {
    this.options = options;
    this.understood = options.understood ?? understood;
    this.socket = io(options.server, {
      path: CTI_PATH,
      transports: ['websocket'],
      autoConnect: false,
      // Ours: Socket.IO neither comes back after the server's own disconnect nor renews a token first.
      reconnection: false,
      forceNew: true,
      timeout: CONNECT_TIMEOUT_MS,
      auth: (give) => give({ token: options.tokens.access, contract: this.understood.current }),
    });
    this.listen();
  }

  get connected(): boolean {
    return this.state === 'connected';
  }

  onEvent(listener: (event: CtiClientEvent) => void): Disposer {
    return this.events.on(listener);
  }

  /** Connects, and keeps at it until `stop`. */
  start(): void {
    this.move('connecting', null);
    this.connect();
  }

  /** Drops the socket and connects anew. */
  reconnect(): void {
    if (this.stopped) return;
    this.attempt = 0;
    // The disconnect is heard and leads to `lost` by itself.
    if (this.socket.connected) this.socket.disconnect();
    else this.lost(fail('center.unreachable', 'reconnecting').error);
  }

  stop(): void {
    this.stopped = true;
    this.stopRetry();
    this.socket.disconnect();
  }

  /**
   * Sends an intent.
   * @returns the center's answer; `center.unreachable` while not connected; `center.timeout` without an answer,
   *   in which case it may have been carried out
   */
  async command<Name extends CtiCommandName>(name: Name, request: CtiRequest<Name>): Promise<Result<CtiResponse<Name>>> {
    const answer = await this.ask(name, request);
    return answer.ok ? readAnswer(name, answer.value) : answer;
  }

  /** The answer as it came. */
  private async ask<Name extends CtiCommandName>(name: Name, request: CtiRequest<Name>): Promise<Result<unknown>> {
    if (!this.socket.connected) return fail('center.unreachable', 'the connection to the center is lost');
    try {
      return ok(await this.socket.timeout(COMMAND_TIMEOUT_MS).emitWithAck('command', { type: name, key: randomUUID(), payload: request }));
    } catch {
      return fail('center.timeout', `${name} was not answered`);
    }
  }

  private connect(): void {
    // Each time anew, as a proxy may have been set meanwhile. Typed for browsers alone; in Node it goes to `ws` as it is.
    this.socket.io.opts.agent = webSocketAgent(this.options.server) as unknown as string;
    this.socket.io.opts.extraHeaders = { ...this.options.headers?.() };
    this.socket.connect();
  }

  private listen(): void {
    const { socket } = this;
    socket.on('connect', () => {
      // One that is too old is not asked every moment.
      if (!this.tooOld) this.attempt = 0;
      this.tooOld = false;
      void this.synchronise();
    });
    socket.on('event', (raw: unknown) => {
      const envelope = EventEnvelope.safeParse(raw);
      if (envelope.success) this.take(envelope.data);
      else this.options.log.warn({}, 'malformed CTI event dropped');
    });
    socket.on('topic', (raw: unknown) => {
      const message = TopicMessage.safeParse(raw);
      if (message.success) this.events.emit({ type: 'topic', message: message.data });
      else this.options.log.warn({}, 'malformed topic message dropped');
    });
    socket.on('disconnect', (reason) => this.lost(this.tooOld ? fail('center.too-old', 'this desk understands centers of that version no more').error : fail('center.unreachable', reason).error));
    socket.on('connect_error', (error) => void this.refused(error));
  }

  private async synchronise(): Promise<void> {
    this.seq = null;
    const told = await this.ask('sync.snapshot', {});
    if (this.stopped || !this.socket.connected) return;
    // Before anything else is read of it: what an older center says may be of another shape.
    if (told.ok && isOlder(told.value, this.understood)) {
      this.tooOld = true;
      this.socket.disconnect();
      return;
    }
    const answer = told.ok ? readAnswer('sync.snapshot', told.value) : told;
    if (!answer.ok) {
      this.options.log.warn({ code: answer.error.code }, 'snapshot failed');
      this.socket.disconnect();
      return;
    }
    const { held } = this;
    this.held = [];
    this.seq = answer.value.seq;
    this.events.emit({ type: 'snapshot', snapshot: answer.value });
    this.move('connected', null);
    for (const envelope of held) this.take(envelope);
  }

  private take(envelope: EventEnvelope): void {
    if (this.seq === null) {
      this.held.push(envelope);
      return;
    }
    if (envelope.seq <= this.seq) return;
    if (envelope.seq > this.seq + 1) {
      this.options.log.warn({ expected: this.seq + 1, got: envelope.seq }, 'gap in CTI events');
      this.held = [];
      void this.synchronise();
      return;
    }
    this.seq = envelope.seq;
    const event = parseCtiEvent(envelope);
    if (event === null) this.options.log.warn({ event: envelope.type }, 'malformed CTI event dropped');
    else if (event.type === 'session.replaced') this.end(fail('auth.replaced', `signed in from the ${event.payload.by} elsewhere`).error);
    else this.events.emit({ type: 'event', event });
  }

  /** The handshake was refused. Socket.IO middlewares put their error into `data`. */
  private async refused(error: Error & { data?: unknown; description?: unknown }): Promise<void> {
    if (this.stopped) return;
    const parsed = AppError.safeParse(error.data ?? null);
    const reason = parsed.success ? parsed.data : fail(isErrorCode(error.message) ?? connectionErrorCode(causeOf(error)), error.message).error;
    switch (reason.code) {
      case 'auth.expired': {
        const renewed = await this.options.tokens.refresh();
        if (renewed.ok) this.later(0);
        else this.lost(renewed.error);
        return;
      }
      case 'auth.replaced':
      case 'auth.disabled':
      case 'auth.invalid':
      case 'forbidden':
        this.end(reason);
        return;
      default:
        this.lost(reason);
    }
  }

  private lost(error: AppError): void {
    this.held = [];
    this.seq = null;
    if (this.stopped) return;
    this.move('lost', error);
    this.later(retryDelayMs(this.options.retry ?? reconnectPolicy, this.attempt++));
  }

  private later(delayMs: number): void {
    this.stopRetry();
    this.stopRetry = this.options.clock.setTimeout(() => {
      if (!this.stopped) this.connect();
    }, delayMs);
  }

  private end(error: AppError): void {
    this.stop();
    this.events.emit({ type: 'ended', error });
  }

  private move(state: CtiState, error: AppError | null): void {
    if (state === this.state && error === null) return;
    this.state = state;
    this.events.emit({ type: 'state', state, error });
  }
}

function readAnswer<Name extends CtiCommandName>(name: Name, answer: unknown): Result<CtiResponse<Name>> {
  const parsed = resultOf(ctiCommands[name].response).safeParse(answer);
  // What was parsed by the command's own schema is the command's own answer.
  return parsed.success ? (parsed.data as Result<CtiResponse<Name>>) : fail('unexpected', `the answer to ${name} is malformed`);
}

/** Whether a center that answers so is older than what is understood. One that refuses has said why. */
function isOlder(answer: unknown, { oldest }: Understood): boolean {
  return typeof answer === 'object' && answer !== null && 'value' in answer && contractIn(answer.value) < oldest;
}

const isErrorCode = (text: string): AppError['code'] | null => AppError.shape.code.safeParse(text).data ?? null;

/** What the WebSocket said, which Engine.IO puts into an event of its own. */
function causeOf({ description }: { description?: unknown }): unknown {
  return typeof description === 'object' && description !== null && 'error' in description ? description.error : description;
}
