import { done, fail, type Disposer, type Result } from '../../../contract/errors.ts';
import type { SnoopId, SwitchEvent } from '../port.ts';
import type { Channel } from './channel.ts';
import type { Leg } from './media/leg.ts';
import { listenIn, Whispers } from './media/snoop.ts';
import type { Ticker } from './media/ticker.ts';

interface Snoop {
  snoopId: SnoopId;
  listener: Channel;
  target: Channel;
  whispering: boolean;
  stopListening: Disposer;
}

interface Parts {
  ticker: Ticker;
  emit: (event: SwitchEvent) => void;
}

/** Who listens in on whom. */
export class Snoops {
  private readonly parts: Parts;
  private readonly snoops = new Map<SnoopId, Snoop>();
  private readonly whispers = new Map<Leg, Whispers>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  has(snoopId: SnoopId): boolean {
    return this.snoops.has(snoopId);
  }

  isListening(channel: Channel): boolean {
    return this.of(channel) !== undefined;
  }

  /** @param listener outside of any bridge; a former snoop of its own is over */
  start(snoopId: SnoopId, listener: Channel, target: Channel, whispering: boolean): void {
    this.release(listener);
    const stopListening = listenIn(this.parts.ticker, listener.media.leg, target.media.leg);
    const snoop: Snoop = { snoopId, listener, target, whispering: false, stopListening };
    this.snoops.set(snoopId, snoop);
    this.whisper(snoop, whispering);
  }

  setWhispering(snoopId: SnoopId, whispering: boolean): Result<null> {
    const snoop = this.snoops.get(snoopId);
    if (snoop === undefined) return fail('not-found', 'no such snoop');
    this.whisper(snoop, whispering);
    return done();
  }

  stop(snoopId: SnoopId): void {
    const snoop = this.snoops.get(snoopId);
    if (snoop !== undefined) this.end(snoop);
  }

  /** The listener goes elsewhere. */
  release(listener: Channel): void {
    const snoop = this.of(listener);
    if (snoop !== undefined) this.end(snoop);
  }

  /** A channel is gone, whether it listened or was listened to. */
  channelEnded(channel: Channel): void {
    for (const snoop of this.snoops.values()) if (snoop.listener === channel || snoop.target === channel) this.end(snoop);
  }

  private of(listener: Channel): Snoop | undefined {
    for (const snoop of this.snoops.values()) if (snoop.listener === listener) return snoop;
    return undefined;
  }

  private end(snoop: Snoop): void {
    this.snoops.delete(snoop.snoopId);
    this.whisper(snoop, false);
    snoop.stopListening();
    this.parts.emit({ type: 'snoop.ended', snoopId: snoop.snoopId, channelId: snoop.listener.identity.channelId });
  }

  private whisper(snoop: Snoop, whispering: boolean): void {
    if (snoop.whispering === whispering) return;
    snoop.whispering = whispering;
    const { listener, target } = snoop;
    const { leg } = target.media;
    const whispers = this.whispers.get(leg) ?? new Whispers(this.parts.ticker, leg);
    if (whispering) {
      this.whispers.set(leg, whispers);
      whispers.add(listener.media.leg, () => listener.muted);
    } else if (whispers.remove(listener.media.leg)) this.whispers.delete(leg);
  }
}
