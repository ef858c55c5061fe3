import type { Disposer } from '../../../../contract/errors.ts';
import { LeakyBucket, type BucketSize } from '../../../bounds/leaky-bucket.ts';
import type { Clock } from '../../../ports.ts';

/*
 * When a socket is read. A wake-up costs more than what a phone says in it: the event loop, the kernel, cold code. So who
 * sends as phones do is heard at once, and who sends more is read a few times a second, as much as has come meanwhile.
 * Who has used up what they may cost is read again when that has run out. The rest waits in the kernel and, by TCP,
 * at the sender: nothing of it is kept here but what came with one read.
 */

/** Reads at once, and how many more a second. */
interface Promptness {
  bucket: BucketSize;
  /** Between reads of a socket that sends more often. */
  tickMs: number;
}

/** Two messages prove a password. */
export const STRANGERS_READS: Promptness = { bucket: { capacity: 10, leakPerS: 1 }, tickMs: 500 };
/**
 * A call takes a phone some five messages. One that comes back from another network takes two to register and four for
 * each of its calls (INVITE, again with its proof, and their ACKs), and hangs up or answers meanwhile: half a dozen calls at
 * once, and one message every other second for ever.
 */
export const PHONES_READS: Promptness = { bucket: { capacity: 40, leakPerS: 2 }, tickMs: 250 };

interface Parts<Message> {
  clock: Clock;
  /** What reads: a `ws` WebSocket. */
  socket: { pause(): void; resume(): void };
  /** Milliseconds until what was read has been paid for; 0 when it is. */
  owedMs: () => number;
  onMessage: (message: Message) => void;
}

/** The reading of one socket: at once, in ticks, or not before what was read is paid for. Messages keep their order. */
export class Intake<Message> {
  private readonly parts: Parts<Message>;
  /** Read and not yet paid for: at most what one read brought. */
  private readonly kept: Message[] = [];
  private reads: LeakyBucket;
  private tickMs: number;
  private cancelTick: Disposer | null = null;
  private stopped = false;

  constructor(parts: Parts<Message>, { bucket, tickMs }: Promptness) {
    this.parts = parts;
    this.reads = new LeakyBucket(bucket, () => parts.clock.monotonic());
    this.tickMs = tickMs;
  }

  /** From now on it is read as these are. */
  become({ bucket, tickMs }: Promptness): void {
    this.reads = new LeakyBucket(bucket, () => this.parts.clock.monotonic());
    this.tickMs = tickMs;
  }

  /** Bytes were read; the messages in them come after. */
  wasRead(): void {
    if (!this.reads.take(1)) this.hold(this.tickMs);
  }

  /** A message was read: handled now, or when what came before it is paid for. */
  take(message: Message): void {
    if (this.stopped) return;
    if (this.kept.length === 0 && this.parts.owedMs() === 0) this.parts.onMessage(message);
    else this.kept.push(message);
    this.holdWhileOwing();
  }

  /** Nothing is handled any more, and nothing read. */
  stop(): void {
    this.stopped = true;
    this.kept.length = 0;
    this.cancelTick?.();
    this.cancelTick = null;
  }

  private holdWhileOwing(): void {
    const owedMs = this.parts.owedMs();
    if (owedMs > 0 || this.kept.length > 0) this.hold(Math.max(owedMs, this.tickMs));
  }

  private hold(ms: number): void {
    if (this.cancelTick !== null || this.stopped) return;
    this.parts.socket.pause();
    this.cancelTick = this.parts.clock.setTimeout(() => this.tick(), ms);
  }

  private tick(): void {
    this.cancelTick = null;
    let handled = 0;
    for (const message of this.kept) {
      if (this.parts.owedMs() > 0) break;
      handled++;
      this.parts.onMessage(message);
    }
    this.kept.splice(0, handled);
    this.holdWhileOwing();
    if (this.cancelTick === null && !this.stopped) this.parts.socket.resume();
  }
}
