import type { Duplex } from 'node:stream';
import type { Transport } from 'sip.js/lib/core/index.js';
import { WebSocket, type RawData } from 'ws';
import type { Disposer } from '../../../../contract/errors.ts';
import type { Clock } from '../../../ports.ts';
import { BYTES_PER_UNIT, MESSAGE_COST, STRANGER, type Admission } from './admission.ts';
import { Nonces } from './digest.ts';
import { failuresOfConnection } from './guesses.ts';
import { Intake, PHONES_READS, STRANGERS_READS } from './intake.ts';
import { LeakyBucket } from '../../../bounds/leaky-bucket.ts';

const PING_INTERVAL_MS = 5000;
/** Pings in a row after which nothing was read, and the far end counts as gone. */
const MAX_SILENT_PINGS = 2;
/** What may wait for a far end that reads too slowly: some hundred messages. */
const MAX_WAITING_BYTES = 256 * 1024;
/** Time for a far end to hear why it is refused. */
const FAREWELL_MS = 500;
/** RFC 6455 §7.4.1: policy violation. */
const POLICY_VIOLATION = 1008;

interface Parts {
  id: string;
  address: string;
  clock: Clock;
  admission: Admission;
  /** Secret of the nonces. */
  secret: Uint8Array;
  /** Time to prove a password in. */
  strangerMs: number;
  onRefused: (why: string) => void;
}

/**
 * One phone's WebSocket (RFC 7118) as SIP.js's transport. Knows who proved to be at the other end and what they cost, and
 * notices a dead peer within fifteen seconds.
 */
export class SipConnection implements Transport {
  readonly protocol = 'WS';
  readonly id: string;
  readonly address: string;
  readonly nonces: Nonces;
  readonly failures: LeakyBucket;
  /** Users whose password was given on this connection. */
  readonly users = new Set<string>();
  private readonly parts: Parts;
  private readonly socket: WebSocket;
  private readonly intake: Intake<RawData>;
  private readonly pinging: NodeJS.Timeout;
  /** Its own, and that of its first user once there is one. */
  private budget: LeakyBucket;
  private cancelDeadline: Disposer;
  private spent = 0;
  private silentPings = 0;
  private refused = false;
  private onMessage: (text: string) => void = () => {};

  /** @param stream what the WebSocket reads from */
  constructor(parts: Parts, socket: WebSocket, stream: Duplex) {
    const now = (): number => parts.clock.monotonic();
    this.parts = parts;
    this.id = parts.id;
    this.address = parts.address;
    this.socket = socket;
    this.nonces = new Nonces(now, parts.secret, parts.id);
    this.failures = failuresOfConnection(now);
    this.budget = new LeakyBucket(STRANGER, now);
    const onMessage = (data: RawData): void => {
      if (this.pay(MESSAGE_COST)) this.onMessage(textOf(data));
    };
    this.intake = new Intake({ clock: parts.clock, socket, owedMs: () => this.budget.waitMs(0), onMessage }, STRANGERS_READS);
    this.pinging = setInterval(() => this.ping(), PING_INTERVAL_MS);
    this.pinging.unref();
    this.cancelDeadline = parts.clock.setTimeout(() => this.refuse('no password was proved in time'), parts.strangerMs);
    // Before the WebSocket, so that bytes are paid for whatever frames they are: half a message, or none at all.
    stream.prependListener('data', (chunk: Buffer) => {
      this.silentPings = 0;
      if (this.pay(chunk.length / BYTES_PER_UNIT)) this.intake.wasRead();
    });
    socket.on('ping', (data) => {
      // Who owes something is asked nothing, and told nothing.
      if (this.budget.waitMs(0) === 0 && this.pay(MESSAGE_COST) && this.isOpen) this.put(() => socket.pong(data));
    });
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN && !this.refused;
  }

  get isStranger(): boolean {
    return this.users.size === 0;
  }

  /** Calls back with each message as text; binary frames are text too (RFC 7118 §5). */
  listen(onMessage: (text: string) => void, onClose: () => void): void {
    this.onMessage = onMessage;
    this.socket.on('message', (data: RawData) => this.intake.take(data));
    this.socket.on('error', () => this.socket.terminate());
    this.socket.on('close', () => {
      this.stopTimers();
      this.parts.admission.left(this);
      onClose();
    });
  }

  /** Who is at the other end has proved this user's password: a stranger no more, and free to do what phones do. */
  proved(user: string): void {
    const wasStranger = this.isStranger;
    this.users.add(user);
    const budget = this.parts.admission.proved(this, user, this.spent);
    this.spent = 0;
    if (!wasStranger) return;
    this.cancelDeadline();
    this.budget = budget;
    this.intake.become(PHONES_READS);
  }

  /**
   * Pays for what a message costs, by owing it where that has been used up: nothing more is read until it is paid. Where
   * strangers at this address have used up what they may together, this one is refused. @returns whether to go on
   */
  pay(units: number): boolean {
    if (this.refused) return false;
    this.budget.pour(units);
    if (!this.isStranger) return true;
    this.spent += units;
    return this.parts.admission.spend(this, units) || this.refuse('more than strangers at one address may send');
  }

  async send(message: string): Promise<void> {
    if (!this.isOpen) throw new Error('the connection is closed');
    this.put(() => this.socket.send(message));
  }

  /** Ends it for good: nothing is read any more, whatever the far end says to the closing. */
  refuse(why: string): false {
    if (this.refused) return false;
    this.refused = true;
    this.parts.onRefused(why);
    this.stopTimers();
    this.socket.close(POLICY_VIOLATION, why);
    this.socket.pause();
    this.cancelDeadline = this.parts.clock.setTimeout(() => this.socket.terminate(), FAREWELL_MS);
    return false;
  }

  close(): void {
    this.stopTimers();
    this.socket.close(1001);
  }

  terminate(): void {
    this.stopTimers();
    this.socket.terminate();
  }

  /** A far end that does not read what it is sent is gone: what waits for it is ours to keep. */
  private put(act: () => void): void {
    if (this.socket.bufferedAmount > MAX_WAITING_BYTES) this.terminate();
    else act();
  }

  private ping(): void {
    if (this.silentPings >= MAX_SILENT_PINGS) {
      this.terminate();
      return;
    }
    this.silentPings++;
    if (this.isOpen) this.put(() => this.socket.ping());
  }

  private stopTimers(): void {
    clearInterval(this.pinging);
    this.intake.stop();
    this.cancelDeadline();
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8');
}
