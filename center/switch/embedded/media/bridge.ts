import type { Disposer } from '../../../../contract/errors.ts';
import { encode, type Codec } from './g711.ts';
import type { Leg } from './leg.ts';
import { newFrame } from './sources.ts';
import type { Ticker } from './ticker.ts';
import type { WavWriter } from '../../wav.ts';

interface Member {
  leg: Leg;
  muted: boolean;
  /** What it said in the current frame; read once a tick for mix and recordings alike. */
  frame: Int16Array;
  heard: boolean;
}

interface Tap {
  writer: WavWriter;
  paused: boolean;
}

const clip = (sample: number): number => (sample > 32_767 ? 32_767 : sample < -32_768 ? -32_768 : sample);

/**
 * Legs that hear each other. Two are relayed packet by packet, without decoding and without delay; three and
 * more are mixed on the ticker, each hearing the sum without itself. Recordings read the same frames.
 */
export class AudioBridge {
  private readonly members = new Map<Leg, Member>();
  private readonly taps = new Set<Tap>();
  private readonly ticker: Ticker;
  private stopTicking: Disposer | null = null;
  private readonly sum = new Int32Array(newFrame().length);
  private readonly mixed = newFrame();

  constructor(ticker: Ticker) {
    this.ticker = ticker;
  }

  add(leg: Leg, muted: boolean): void {
    this.members.set(leg, { leg, muted, frame: newFrame(), heard: false });
    leg.onAudio = (packet) => {
      const member = this.members.get(leg);
      if (member === undefined || member.muted || this.members.size !== 2) return;
      for (const other of this.members.values()) if (other !== member) other.leg.relay(packet, leg);
    };
    this.arrange();
  }

  remove(leg: Leg): void {
    if (!this.members.delete(leg)) return;
    leg.onAudio = () => {};
    leg.keepAudio(false);
    this.arrange();
  }

  setMuted(leg: Leg, muted: boolean): void {
    const member = this.members.get(leg);
    if (member !== undefined) member.muted = muted;
  }

  /** Records the sum of what members say. @returns the handle to pause and end it by */
  record(writer: WavWriter): { setPaused: (paused: boolean) => void; end: Disposer } {
    const tap: Tap = { writer, paused: false };
    this.taps.add(tap);
    this.arrange();
    return {
      setPaused: (paused) => {
        tap.paused = paused;
      },
      end: () => {
        this.taps.delete(tap);
        this.arrange();
      },
    };
  }

  close(): void {
    for (const leg of this.members.keys()) this.remove(leg);
    this.taps.clear();
    this.arrange();
  }

  private get mixing(): boolean {
    return this.members.size > 2;
  }

  /** The ticker is only needed where something is mixed or recorded. */
  private arrange(): void {
    const needed = this.mixing || this.taps.size > 0;
    for (const { leg } of this.members.values()) leg.keepAudio(needed);
    if (needed) this.stopTicking ??= this.ticker.onTick(() => this.tick());
    else {
      this.stopTicking?.();
      this.stopTicking = null;
    }
  }

  private tick(): void {
    this.sum.fill(0);
    for (const member of this.members.values()) {
      member.heard = member.leg.read(member.frame) && !member.muted;
      if (!member.heard) continue;
      for (let i = 0; i < this.sum.length; i++) this.sum[i] = (this.sum[i] ?? 0) + (member.frame[i] ?? 0);
    }
    if (this.mixing) this.sendMix();
    if (this.taps.size > 0) this.writeTaps();
  }

  /** Those who are silent all hear the same: that is encoded once a law. */
  private sendMix(): void {
    const common: Partial<Record<Codec, Buffer>> = {};
    for (const member of this.members.values()) {
      if (member.leg.overridden) continue;
      if (member.heard) {
        for (let i = 0; i < this.mixed.length; i++) this.mixed[i] = clip((this.sum[i] ?? 0) - (member.frame[i] ?? 0));
        member.leg.sendFrame(this.mixed);
      } else {
        common[member.leg.codec] ??= encode(this.total(), member.leg.codec);
        member.leg.sendEncoded(common[member.leg.codec] ?? Buffer.alloc(0));
      }
    }
  }

  private writeTaps(): void {
    const total = this.total();
    for (const tap of this.taps) if (!tap.paused) tap.writer.write(total);
  }

  private total(): Int16Array {
    for (let i = 0; i < this.mixed.length; i++) this.mixed[i] = clip(this.sum[i] ?? 0);
    return this.mixed;
  }
}
