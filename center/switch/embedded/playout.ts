import { done, fail, ok, type Disposer, type Result } from '../../../contract/errors.ts';
import type { ChannelId, PlaybackId, Sound, SwitchEvent } from '../port.ts';
import type { Announcements } from './announcements.ts';
import { encode, type Codec } from './media/g711.ts';
import type { Leg } from './media/leg.ts';
import { newFrame, samplesSource, type Source } from './media/sources.ts';
import { StreamSource } from './media/stream.ts';
import type { Ticker } from './media/ticker.ts';

interface Playback {
  playbackId: PlaybackId;
  channelId: ChannelId;
  leg: Leg;
  source: Source;
}

interface Parts {
  ticker: Ticker;
  announcements: Announcements;
  emit: (event: SwitchEvent) => void;
}

/**
 * What channels hear besides a bridge, and in place of one. An announcement or tone goes before the music, which is one stream for
 * all who hear it, encoded once a law: a full queue costs hardly more than one caller.
 */
export class Playout {
  private readonly parts: Parts;
  private readonly playbacks = new Map<ChannelId, Playback>();
  private readonly listeners = new Map<ChannelId, Leg>();
  private readonly frame = newFrame();
  private music: Source | null = null;
  private stopTicking: Disposer | null = null;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /**
   * Plays to a leg; what it heard before is over, not completed.
   * @param stillWanted asked after the file was read: the channel may have ended or joined a bridge meanwhile
   */
  async play(playbackId: PlaybackId, channelId: ChannelId, leg: Leg, sound: Sound, repeat: boolean, stillWanted: () => boolean): Promise<Result<null>> {
    const source = await this.sourceOf(sound, repeat);
    if (!source.ok) return source;
    if (!stillWanted()) {
      source.value.close?.();
      return fail('switch.channel-gone', 'the channel is no longer there to hear it');
    }
    this.finish(channelId, false);
    this.playbacks.set(channelId, { playbackId, channelId, leg, source: source.value });
    leg.overridden = true;
    this.arrange();
    return done();
  }

  /** A playback that is over already is stopped just as well. */
  stop(playbackId: PlaybackId): void {
    for (const playback of this.playbacks.values()) if (playback.playbackId === playbackId) this.finish(playback.channelId, false);
  }

  async startMusic(channelId: ChannelId, leg: Leg, stillWanted: () => boolean): Promise<Result<null>> {
    const samples = await this.parts.announcements.holdMusic();
    if (!stillWanted()) return fail('switch.channel-gone', 'the channel is no longer there to hear it');
    this.music ??= samplesSource(samples, true);
    this.listeners.set(channelId, leg);
    this.arrange();
    return done();
  }

  stopMusic(channelId: ChannelId): void {
    this.listeners.delete(channelId);
    this.arrange();
  }

  /** Silence for a channel that joins a bridge or ends. */
  release(channelId: ChannelId): void {
    this.finish(channelId, false);
    this.stopMusic(channelId);
  }

  private async sourceOf(sound: Sound, repeat: boolean): Promise<Result<Source>> {
    if (sound.kind === 'object') return StreamSource.begin(sound.open, repeat);
    const samples = await this.parts.announcements.samples(sound);
    return samples.ok ? ok(samplesSource(samples.value, repeat)) : samples;
  }

  private finish(channelId: ChannelId, completed: boolean): void {
    const playback = this.playbacks.get(channelId);
    if (playback === undefined) return;
    this.playbacks.delete(channelId);
    playback.leg.overridden = false;
    playback.source.close?.();
    this.arrange();
    this.parts.emit({ type: 'playback.finished', playbackId: playback.playbackId, channelId, completed });
  }

  private arrange(): void {
    const needed = this.playbacks.size > 0 || this.listeners.size > 0;
    if (needed) this.stopTicking ??= this.parts.ticker.onTick(() => this.tick());
    else {
      this.stopTicking?.();
      this.stopTicking = null;
    }
  }

  private tick(): void {
    if (this.music !== null && this.listeners.size > 0) this.sendMusic(this.music);
    for (const playback of this.playbacks.values()) {
      if (playback.source.next(this.frame)) playback.leg.sendFrame(this.frame);
      else this.finish(playback.channelId, playback.source.broken !== true);
    }
  }

  private sendMusic(music: Source): void {
    music.next(this.frame);
    const encoded: Partial<Record<Codec, Buffer>> = {};
    for (const [channelId, leg] of this.listeners) {
      if (this.playbacks.has(channelId)) continue;
      leg.sendEncoded((encoded[leg.codec] ??= encode(this.frame, leg.codec)));
    }
  }
}
