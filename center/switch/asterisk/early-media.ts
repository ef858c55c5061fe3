import { done, type Result } from '../../../contract/errors.ts';
import type { BridgeId, ChannelId } from '../port.ts';
import type { AriClient } from './ari/client.ts';
import type { AriBridge } from './ari/messages.ts';
import type { Channel } from './channel.ts';

/** Name of the bridges in which somebody hears a call that is not answered yet: none of the center's. */
export const EARLY_BRIDGE = 'sangdam-early';

interface Hearing {
  bridgeId: BridgeId;
  hearer: ChannelId;
  target: ChannelId;
  /** Who is still in it. */
  inside: Set<ChannelId>;
}

/**
 * Who hears what a dialled channel plays before its answer: the two are in a bridge of their own, and the hearer may talk
 * back. With the answer Asterisk answers an incoming hearer by itself.
 */
export class EarlyMedia {
  private readonly client: AriClient;
  private readonly hearings = new Set<Hearing>();

  constructor(client: AriClient) {
    this.client = client;
  }

  async start(hearer: Channel, target: Channel): Promise<Result<null>> {
    await Promise.all([this.leave(hearer), this.leave(target)]);
    const bridgeId = `${target.id}-early`;
    const hearing: Hearing = { bridgeId, hearer: hearer.id, target: target.id, inside: new Set([hearer.id, target.id]) };
    this.hearings.add(hearing);
    const { client } = this;
    const made = await client.createBridge(bridgeId, EARLY_BRIDGE);
    if (!made.ok) {
      this.hearings.delete(hearing);
      return made;
    }
    // Its own 183, which a tone before would have sent already.
    if (hearer.state === 'incoming') await client.progress(hearer.id);
    const joined = await Promise.all([target, hearer].map(({ id }) => (hearing.inside.has(id) ? client.addToBridge(bridgeId, id) : Promise.resolve(done()))));
    const failed = joined.find(({ ok }) => !ok);
    if (failed === undefined) return done();
    await Promise.all([this.leave(hearer), this.leave(target)]);
    return failed;
  }

  /** Asterisk has taken the channel out by itself: it has joined another bridge, or is gone. */
  taken({ id }: Channel): void {
    for (const hearing of this.hearings) if (hearing.inside.delete(id)) this.closeIfEmpty(hearing);
  }

  /** Takes the channel out, for it is to hear something else, or nothing. */
  async leave({ id }: Channel): Promise<void> {
    for (const hearing of this.hearings) {
      if (!hearing.inside.delete(id)) continue;
      await this.client.removeFromBridge(hearing.bridgeId, id);
      this.closeIfEmpty(hearing);
    }
  }

  /** Bridges of a center before us, or of before a lost link, whose calls have gone on. */
  isOurs = ({ name, id }: AriBridge): boolean => name === EARLY_BRIDGE && ![...this.hearings].some(({ bridgeId }) => bridgeId === id);

  private closeIfEmpty(hearing: Hearing): void {
    if (hearing.inside.size > 0) return;
    this.hearings.delete(hearing);
    void this.client.destroyBridge(hearing.bridgeId);
  }
}
