import type { Disposer } from '../../../../contract/errors.ts';
import { JitterBuffer } from './jitter-buffer.ts';
import type { Leg } from './leg.ts';
import { newFrame } from './sources.ts';
import type { Ticker } from './ticker.ts';

const clip = (sample: number): number => (sample > 32_767 ? 32_767 : sample < -32_768 ? -32_768 : sample);

/** Adds `more` to `frame`, in place. */
function add(frame: Int16Array, more: Int16Array): void {
  for (let i = 0; i < frame.length; i++) frame[i] = clip((frame[i] ?? 0) + (more[i] ?? 0));
}

/** Sends one leg all that another hears and says. The other's own audio stays as it is. */
export function listenIn(ticker: Ticker, listener: Leg, target: Leg): Disposer {
  const said = new JitterBuffer();
  const sent = new JitterBuffer();
  const frame = newFrame();
  const more = newFrame();
  const stopTap = target.addTap({
    said: (payload, codec, timestamp) => said.write(payload, codec, timestamp),
    sent: (payload, codec, timestamp) => sent.write(payload, codec, timestamp),
  });
  const stopTicking = ticker.onTick(() => {
    const anySaid = said.read(frame);
    const anySent = sent.read(more);
    if (!anySaid && !anySent) return;
    add(frame, more);
    listener.sendFrame(frame);
  });
  return () => {
    stopTicking();
    stopTap();
  };
}

/** What is whispered to one leg: mixed with whatever it is sent, heard by nobody else, and heard also where nothing is sent. */
export class Whispers {
  private readonly ticker: Ticker;
  private readonly target: Leg;
  private readonly whisperers = new Map<Leg, { said: JitterBuffer; isMuted: () => boolean; stopTap: Disposer }>();
  private readonly frame = newFrame();
  private readonly more = newFrame();
  private end: Disposer | null = null;

  constructor(ticker: Ticker, target: Leg) {
    this.ticker = ticker;
    this.target = target;
  }

  /** @param isMuted asked every 20 ms: a whisperer may be muted like anybody */
  add(whisperer: Leg, isMuted: () => boolean): void {
    const said = new JitterBuffer();
    const stopTap = whisperer.addTap({ said: (payload, codec, timestamp) => said.write(payload, codec, timestamp) });
    this.whisperers.set(whisperer, { said, isMuted, stopTap });
    this.end ??= this.begin();
  }

  /** @returns whether nobody whispers any more */
  remove(whisperer: Leg): boolean {
    this.whisperers.get(whisperer)?.stopTap();
    this.whisperers.delete(whisperer);
    if (this.whisperers.size > 0) return false;
    this.end?.();
    this.end = null;
    return true;
  }

  private begin(): Disposer {
    const sent = new JitterBuffer();
    const stopTap = this.target.addTap({ sent: (payload, codec, timestamp) => sent.write(payload, codec, timestamp) });
    this.target.divert(true);
    const stopTicking = this.ticker.onTick(() => {
      sent.read(this.frame);
      for (const { said, isMuted } of this.whisperers.values()) if (said.read(this.more) && !isMuted()) add(this.frame, this.more);
      this.target.sendOver(this.frame);
    });
    return () => {
      stopTicking();
      stopTap();
      this.target.divert(false);
    };
  }
}
