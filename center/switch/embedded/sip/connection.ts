import type { Transport } from 'sip.js/lib/core/index.js';
import { WebSocket, type RawData } from 'ws';
import { Nonces } from './digest.ts';

const PING_INTERVAL_MS = 5000;
/** Unanswered pings after which the far end counts as gone. */
const MAX_SILENT_PINGS = 2;

/**
 * One phone's WebSocket (RFC 7118) as SIP.js's transport. Knows who proved to be at the other end, and notices
 * a dead peer within fifteen seconds.
 */
export class SipConnection implements Transport {
  readonly protocol = 'WS';
  readonly id: string;
  readonly address: string;
  readonly nonces: Nonces;
  /** Users whose password was given on this connection. */
  readonly users = new Set<string>();
  private readonly socket: WebSocket;
  private readonly pinging: NodeJS.Timeout;
  private silentPings = 0;

  constructor(id: string, socket: WebSocket, address: string, now: () => number) {
    this.id = id;
    this.socket = socket;
    this.address = address;
    this.nonces = new Nonces(now);
    this.pinging = setInterval(() => this.ping(), PING_INTERVAL_MS);
    this.pinging.unref();
    socket.on('pong', () => {
      this.silentPings = 0;
    });
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Calls back with each message as text; binary frames are text too (RFC 7118 §5). */
  listen(onMessage: (text: string) => void, onClose: () => void): void {
    this.socket.on('message', (data: RawData) => onMessage(textOf(data)));
    this.socket.on('error', () => this.socket.terminate());
    this.socket.on('close', () => {
      clearInterval(this.pinging);
      onClose();
    });
  }

  async send(message: string): Promise<void> {
    if (!this.isOpen) throw new Error('the connection is closed');
    this.socket.send(message);
  }

  close(): void {
    clearInterval(this.pinging);
    this.socket.close(1001);
  }

  terminate(): void {
    clearInterval(this.pinging);
    this.socket.terminate();
  }

  private ping(): void {
    if (this.silentPings >= MAX_SILENT_PINGS) {
      this.terminate();
      return;
    }
    this.silentPings++;
    if (this.isOpen) this.socket.ping();
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8');
}
