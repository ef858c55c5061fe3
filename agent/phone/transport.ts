import { EmitterImpl, TransportState, type Transport } from 'sip.js/lib/api/index.js';
import { WebSocket } from 'ws';
import { redact, type Logger } from '../logger.ts';
import { webSocketAgent } from '../network.ts';
import { checkMessage, MAX_MESSAGE_BYTES } from './guard.ts';

export interface TransportOptions {
  /** `ws://` or `wss://` address of the switch. */
  url: string;
  /** PEM certificates to trust beside the system's; for a center with a CA of its own. */
  ca?: string | undefined;
  connectTimeoutMs: number;
  /** A ping goes out this often; a socket without any answer for `deadAfterMs` is closed. */
  pingEveryMs: number;
  deadAfterMs: number;
  log: Logger;
}

/** Dead after 7 s at the latest: noticed within 8 s, where Socket.IO's defaults take 45 s. */
export const transportDefaults = { connectTimeoutMs: 5000, pingEveryMs: 2000, deadAfterMs: 5000 } as const;

/**
 * SIP over WebSocket (RFC 7118) on `ws`. It differs from SIP.js's own in what a long-lived desktop needs: a dead
 * peer is noticed by pings, certificates can be pinned to a CA, messages are checked and capped, and an exception
 * in the handling of one message ends that message instead of the process.
 */
export class WsTransport implements Transport {
  onConnect: (() => void) | undefined;
  onDisconnect: ((error?: Error) => void) | undefined;
  onMessage: ((message: string) => void) | undefined;
  readonly protocol: string;
  readonly stateChange = new EmitterImpl<TransportState>();
  state: TransportState = TransportState.Disconnected;
  private readonly options: TransportOptions;
  private socket: WebSocket | null = null;
  private pings: NodeJS.Timeout | null = null;
  private heardAt = 0;

  constructor(options: TransportOptions) {
    this.options = options;
    this.protocol = options.url.startsWith('wss:') ? 'WSS' : 'WS';
  }

  isConnected(): boolean {
    return this.state === TransportState.Connected;
  }

  /** @throws (rejects) when the switch cannot be reached within `connectTimeoutMs` */
  connect(): Promise<void> {
    if (this.isConnected()) return Promise.resolve();
    this.socket?.terminate();
    const socket = new WebSocket(this.options.url, 'sip', {
      handshakeTimeout: this.options.connectTimeoutMs,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      agent: webSocketAgent(this.options.url),
      ...(this.options.ca === undefined ? {} : { ca: this.options.ca }),
    });
    this.socket = socket;
    this.move(TransportState.Connecting);
    return new Promise((resolve, reject) => {
      socket.once('open', () => {
        this.opened(socket);
        resolve();
      });
      socket.on('error', (error) => {
        reject(error);
        this.closed(socket, error);
      });
      socket.on('close', (code) => {
        const error = new Error(`the socket closed with ${code}`);
        reject(error);
        this.closed(socket, error);
      });
      // `nodebuffer` is the binary type, so text arrives as one Buffer.
      socket.on('message', (data, isBinary) => this.received(!isBinary && Buffer.isBuffer(data) ? data.toString() : ''));
      socket.on('pong', () => void (this.heardAt = performance.now()));
    });
  }

  disconnect(): Promise<void> {
    const { socket } = this;
    if (socket === null) return Promise.resolve();
    this.closed(socket, undefined);
    socket.close();
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    this.onConnect = this.onDisconnect = this.onMessage = undefined;
    const { socket } = this;
    if (socket !== null) {
      this.closed(socket, undefined);
      socket.terminate();
    }
    return Promise.resolve();
  }

  /** @throws (rejects) while not connected */
  send(message: string): Promise<void> {
    const { socket } = this;
    if (socket === null || !this.isConnected()) return Promise.reject(new Error('not connected'));
    return new Promise((resolve, reject) => {
      socket.send(message, (error) => (error ? reject(error) : resolve()));
    });
  }

  private opened(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.heardAt = performance.now();
    this.pings = setInterval(() => {
      if (performance.now() - this.heardAt > this.options.deadAfterMs) {
        this.closed(socket, new Error('no answer to pings'));
        socket.terminate();
      } else socket.ping();
    }, this.options.pingEveryMs);
    this.move(TransportState.Connected);
    this.onConnect?.();
  }

  private closed(socket: WebSocket, error: Error | undefined): void {
    if (socket !== this.socket) return;
    this.socket = null;
    if (this.pings !== null) clearInterval(this.pings);
    const wasConnected = this.isConnected();
    this.move(TransportState.Disconnected);
    if (wasConnected) this.onDisconnect?.(error);
  }

  private received(message: string): void {
    this.heardAt = performance.now();
    // RFC 5626 keep-alives and empty frames.
    if (message.trim() === '') return;
    const verdict = checkMessage(message);
    if (!verdict.ok) {
      this.options.log.warn({ why: verdict.why }, 'malformed SIP message dropped');
      return;
    }
    try {
      this.onMessage?.(message);
    } catch (error) {
      this.options.log.error({ error: redact(String(error)) }, 'SIP message could not be handled');
    }
  }

  private move(state: TransportState): void {
    if (state === this.state) return;
    this.state = state;
    this.stateChange.emit(state);
  }
}
