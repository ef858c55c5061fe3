import { join } from 'node:path';
import { done, fail, type Disposer, type Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import type { ChannelId, PlaybackId, Sound, SwitchEvent } from '../port.ts';
import { isAnnouncementName } from '../text.ts';
import { readWav } from '../wav.ts';
import type { AriClient } from './ari/client.ts';
import type { Channel } from './channel.ts';
import type { PlayableFiles } from './playable-files.ts';
import { CADENCE_MS, TONES } from './tones.ts';

/** Class of musiconhold.conf. */
const MUSIC_CLASS = 'sangdam';
/** A repeated announcement is told to Asterisk so many times at once, to be gapless, and again when they are over. */
const REPEATS = 25;

interface Playback {
  playbackId: PlaybackId;
  channel: Channel;
  media: string[];
  repeat: boolean;
  /** Ends so long after it began; null: when Asterisk says so. */
  lastsMs: number | null;
  cancel: Disposer;
  /** Lets go of what it was played from. */
  release: Disposer;
}

interface Parts {
  client: AriClient;
  clock: Clock;
  /** Folder of the announcements on this machine, and the same on Asterisk's. */
  announcementsDir: string;
  soundsFolder: string;
  files: PlayableFiles;
  emit: (event: SwitchEvent) => void;
}

/** What channels hear besides a bridge: one announcement or tone at a time, music where there is none. */
export class Playout {
  private readonly parts: Parts;
  private readonly playbacks = new Map<ChannelId, Playback>();
  /** Announcements found to be good audio. */
  private readonly checked = new Set<string>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** @param stillWanted asked after the file was looked at: the channel may have ended or joined a bridge meanwhile */
  async play(playbackId: PlaybackId, channel: Channel, sound: Sound, repeat: boolean, stillWanted: () => boolean): Promise<Result<null>> {
    const release = sound.kind === 'object' ? () => this.parts.files.release(sound.id) : () => {};
    const media = await this.mediaOf(sound);
    if (!media.ok || !stillWanted()) {
      release();
      return media.ok ? fail('switch.channel-gone', 'the channel is no longer there to hear it') : media;
    }
    const former = this.playbacks.get(channel.id);
    // A tone repeats by itself.
    const times = repeat && sound.kind !== 'tone' ? REPEATS : 1;
    const playback: Playback = { playbackId, channel, media: Array.from({ length: times }, () => media.value), repeat, lastsMs: lengthOf(sound, repeat), cancel: () => {}, release };
    this.playbacks.set(channel.id, playback);
    if (former !== undefined) this.end(former, false);
    else if (channel.music) void this.parts.client.stopMusic(channel.id);
    const played = await this.start(playback);
    if (!played.ok && this.playbacks.get(channel.id) === playback) {
      this.playbacks.delete(channel.id);
      release();
    }
    return played;
  }

  /** A playback that is over already is stopped just as well. */
  stop(playbackId: PlaybackId): void {
    const playback = this.find(playbackId);
    if (playback !== undefined) this.stopNow(playback, false);
  }

  async startMusic(channel: Channel): Promise<Result<null>> {
    if (channel.music) return done();
    channel.music = true;
    return this.playbacks.has(channel.id) ? done() : this.parts.client.startMusic(channel.id, MUSIC_CLASS);
  }

  async stopMusic(channel: Channel): Promise<Result<null>> {
    if (!channel.music) return done();
    channel.music = false;
    if (this.playbacks.has(channel.id)) return done();
    const stopped = await this.parts.client.stopMusic(channel.id);
    this.rest(channel);
    return stopped;
  }

  /** A whisper is mixed with what Asterisk sends, and lost where that is nothing. */
  setWhispered(channel: Channel, whispered: boolean): void {
    if (channel.whispered === whispered) return;
    channel.whispered = whispered;
    if (whispered) this.rest(channel);
    else if (this.isIdle(channel) && !channel.music) void this.parts.client.stopSilence(channel.id);
  }

  /** Nothing else is played to it now: what it hears then. */
  rest(channel: Channel): void {
    if (!this.isIdle(channel)) return;
    if (channel.music) void this.parts.client.startMusic(channel.id, MUSIC_CLASS);
    else if (channel.whispered) void this.parts.client.startSilence(channel.id);
  }

  /** Ends what it hears besides music. */
  silence(channel: Channel): void {
    if (this.cutShort(channel) && channel.music) void this.parts.client.startMusic(channel.id, MUSIC_CLASS);
  }

  /** Silence for a channel that is to join a bridge. */
  release(channel: Channel): void {
    const music = channel.music;
    channel.music = false;
    if (this.cutShort(channel)) return;
    if (music) void this.parts.client.stopMusic(channel.id);
    else if (channel.whispered && channel.bridgeId === null) void this.parts.client.stopSilence(channel.id);
  }

  /** The channel is gone, and what it heard with it. */
  channelEnded(channel: Channel): void {
    const playback = this.playbacks.get(channel.id);
    if (playback === undefined) return;
    this.playbacks.delete(channel.id);
    playback.cancel();
    playback.release();
    this.parts.emit({ type: 'playback.finished', playbackId: playback.playbackId, channelId: channel.id, completed: false });
  }

  /** Asterisk plays a tone until it is stopped, so one that has an end is ended by us. */
  started(playbackId: PlaybackId): void {
    const playback = this.find(playbackId);
    if (playback !== undefined && playback.lastsMs !== null) playback.cancel = this.parts.clock.setTimeout(() => this.stopNow(playback, true), playback.lastsMs);
  }

  /** Asterisk says that a playback is over; those we stopped are forgotten by then. */
  finished(playbackId: PlaybackId, completed: boolean): void {
    const playback = this.find(playbackId);
    if (playback === undefined) return;
    if (playback.repeat && completed) {
      void this.start(playback);
      return;
    }
    this.playbacks.delete(playback.channel.id);
    playback.cancel();
    playback.release();
    this.parts.emit({ type: 'playback.finished', playbackId, channelId: playback.channel.id, completed });
    this.rest(playback.channel);
  }

  private find(playbackId: PlaybackId): Playback | undefined {
    return [...this.playbacks.values()].find((each) => each.playbackId === playbackId);
  }

  private start(playback: Playback): Promise<Result<null>> {
    return this.parts.client.play(playback.channel.id, playback.playbackId, playback.media);
  }

  private stopNow(playback: Playback, completed: boolean): void {
    this.playbacks.delete(playback.channel.id);
    this.end(playback, completed);
    this.rest(playback.channel);
  }

  /** @returns whether there was anything to end */
  private cutShort(channel: Channel): boolean {
    const playback = this.playbacks.get(channel.id);
    if (playback === undefined) return false;
    this.playbacks.delete(channel.id);
    this.end(playback, false);
    return true;
  }

  private end(playback: Playback, completed: boolean): void {
    playback.cancel();
    playback.release();
    void this.parts.client.stopPlayback(playback.channel.id, playback.playbackId);
    this.parts.emit({ type: 'playback.finished', playbackId: playback.playbackId, channelId: playback.channel.id, completed });
  }

  private isIdle({ id, bridgeId, ending }: Channel): boolean {
    return bridgeId === null && ending === null && !this.playbacks.has(id);
  }

  private async mediaOf(sound: Sound): Promise<Result<string>> {
    if (sound.kind === 'tone') return { ok: true, value: `tone:${TONES[sound.tone]}` };
    if (sound.kind === 'object') return this.parts.files.hold(sound);
    const { name } = sound;
    if (!isAnnouncementName(name)) return fail('input.invalid', 'not the name of an announcement');
    if (!this.checked.has(name)) {
      const read = await readWav(join(this.parts.announcementsDir, `${name}.wav`));
      if (!read.ok) return read;
      this.checked.add(name);
    }
    return { ok: true, value: `sound:${this.parts.soundsFolder}/${name}` };
  }
}

/** One cadence of a tone that is not to be repeated. */
function lengthOf(sound: Sound, repeat: boolean): number | null {
  if (sound.kind !== 'tone' || repeat) return null;
  return CADENCE_MS[sound.tone];
}
