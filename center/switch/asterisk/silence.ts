import { done, type Result } from '../../../contract/errors.ts';
import type { SwitchEvent } from '../port.ts';
import type { AriClient } from './ari/client.ts';
import type { Channel } from './channel.ts';

interface Parts {
  client: Pick<AriClient, 'mute' | 'unmute'>;
  emit: (event: SwitchEvent) => void;
}

/** Whom the others do not hear: who is muted by the center, and who has put us on hold. */
export class Silence {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async setMuted(channel: Channel, muted: boolean): Promise<Result<null>> {
    channel.muted = muted;
    // On hold it is muted anyway, and stays so until it resumes.
    return channel.held ? done() : this.set(channel, muted);
  }

  /** The phone at the far end has put us on hold, or is back. */
  held(channel: Channel, held: boolean): void {
    if (channel.held === held) return;
    channel.held = held;
    // Who is put on hold must not hear the holder's open microphone.
    if (!channel.muted) void this.set(channel, held);
    this.parts.emit({ type: held ? 'channel.held' : 'channel.resumed', channelId: channel.id });
  }

  private set(channel: Channel, silent: boolean): Promise<Result<null>> {
    const { client } = this.parts;
    return silent ? client.mute(channel.id, 'in') : client.unmute(channel.id, 'in');
  }
}
