import type { Channel } from './channel.ts';

/** Who hears what a dialled channel plays before its answer: one hearer each. */
export class EarlyMedia {
  /** By whom is heard. */
  private readonly hearers = new Map<Channel, Channel>();

  start(hearer: Channel, target: Channel): void {
    this.release(hearer);
    this.release(target);
    this.hearers.set(target, hearer);
    const { leg } = target.media;
    leg.onAudio = (packet) => hearer.media.leg.relay(packet, leg);
  }

  /** For a channel that is to hear, or be heard by, somebody else, or is gone. */
  release(channel: Channel): void {
    for (const [target, hearer] of this.hearers) {
      if (target !== channel && hearer !== channel) continue;
      this.hearers.delete(target);
      target.media.leg.onAudio = () => {};
    }
  }
}
