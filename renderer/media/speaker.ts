import type { Disposer } from '../../contract/errors.ts';
import { onDevicesChanged, type DeviceAccess } from './devices.ts';
import { Emitter } from '../../contract/emitter.ts';

/** What plays a stream or a file: an audio element. `setSinkId` is missing in some browsers. */
export type Player = Pick<HTMLAudioElement, 'srcObject' | 'src' | 'loop' | 'volume' | 'currentTime' | 'play' | 'pause'> & Partial<Pick<HTMLAudioElement, 'setSinkId'>> & EventTarget;

export type SpeakerWarning =
  /** The chosen device is away; the system's default plays. */
  | 'speakerReplaced'
  /** The browser wants a click or a key first; then it plays. */
  | 'playbackBlocked';

export interface SpeakerOptions {
  access: DeviceAccess | null;
  createPlayer: () => Player;
  /** Where the person's clicks and keys are heard: the document. */
  gestures: EventTarget;
}

/** An output device, and everything that plays on it now. */
export class Speaker {
  private readonly options: SpeakerOptions;
  private readonly warnings = new Emitter<SpeakerWarning>();
  private readonly playing = new Set<Player>();
  private chosen: string | null = null;
  private replaced = false;
  private level = 1;
  private stopWaiting: Disposer | null = null;
  /** One change of device after the other. */
  private routing: Promise<void> = Promise.resolve();

  constructor(options: SpeakerOptions) {
    this.options = options;
  }

  get players(): number {
    return this.playing.size;
  }

  onWarning(listener: (warning: SpeakerWarning) => void): Disposer {
    return this.warnings.on(listener);
  }

  /** Follows plugging and unplugging until disposed. */
  follow(): Disposer {
    return onDevicesChanged(this.options.access, () => {
      for (const player of this.playing) void this.route(player);
    });
  }

  /** @param deviceId null: the system's default */
  choose(deviceId: string | null): void {
    if (this.chosen === deviceId) return;
    this.chosen = deviceId;
    this.replaced = false;
    for (const player of this.playing) void this.route(player);
  }

  /** Loudness of what plays and will play, 0…1. */
  set volume(level: number) {
    this.level = level;
    for (const player of this.playing) player.volume = level;
  }

  /** Plays a live stream until disposed. */
  playStream(stream: MediaStream): Disposer {
    const player = this.options.createPlayer();
    player.srcObject = stream;
    return this.begin(player);
  }

  /**
   * Plays a file, once or over and over, until its end or until disposed.
   * @param onFailed it cannot be had, or is no sound; nothing more is told then
   */
  playFile(url: string, { loop }: { loop: boolean }, onEnded: () => void = () => {}, onFailed: () => void = onEnded): Disposer {
    const player = this.options.createPlayer();
    player.src = url;
    player.loop = loop;
    const stop = this.begin(player);
    const heard = new AbortController();
    const over = (tell: () => void) => (): void => {
      heard.abort();
      stop();
      tell();
    };
    player.addEventListener('ended', over(onEnded), { signal: heard.signal });
    player.addEventListener('error', over(onFailed), { signal: heard.signal });
    return () => {
      heard.abort();
      stop();
    };
  }

  private begin(player: Player): Disposer {
    player.volume = this.level;
    this.playing.add(player);
    void this.routeAndStart(player);
    return () => {
      if (!this.playing.delete(player)) return;
      player.pause();
      player.srcObject = null;
      if (this.playing.size === 0) this.stopWaiting?.();
    };
  }

  /** The device first: not a syllable is to come out of the wrong one. */
  private async routeAndStart(player: Player): Promise<void> {
    await this.route(player);
    if (this.playing.has(player)) await this.start(player);
  }

  private async start(player: Player): Promise<void> {
    try {
      await player.play();
    } catch (error) {
      // AbortError: it was stopped while it began.
      if (this.playing.has(player) && error instanceof Error && error.name === 'NotAllowedError') this.startAtGesture();
    }
  }

  /** Browsers refuse sound in a page nobody has touched yet, as after a reload in some of them. */
  private startAtGesture(): void {
    if (this.stopWaiting !== null) return;
    const { gestures } = this.options;
    const kinds = ['pointerdown', 'keydown'];
    const begin = (): void => {
      this.stopWaiting?.();
      for (const player of this.playing) void this.start(player);
    };
    for (const kind of kinds) gestures.addEventListener(kind, begin, true);
    this.stopWaiting = () => {
      this.stopWaiting = null;
      for (const kind of kinds) gestures.removeEventListener(kind, begin, true);
    };
    this.warnings.emit('playbackBlocked');
  }

  private route(player: Player): Promise<void> {
    this.routing = this.routing.then(() => this.routeNow(player));
    return this.routing;
  }

  /** To the chosen device, or else to the system's default, with one warning for each time that it goes away. */
  private async routeNow(player: Player): Promise<void> {
    const { chosen } = this;
    if (player.setSinkId === undefined) return;
    try {
      if (chosen !== null && !(await this.isThere(chosen))) throw new DOMException('not plugged in', 'NotFoundError');
      await player.setSinkId(chosen ?? '');
      this.replaced = false;
    } catch {
      await player.setSinkId('').catch(() => {});
      if (!this.replaced && this.chosen === chosen) this.warnings.emit('speakerReplaced');
      this.replaced = true;
    }
  }

  private async isThere(deviceId: string): Promise<boolean> {
    const devices = (await this.options.access?.enumerateDevices().catch(() => [])) ?? [];
    return devices.some((device) => device.kind === 'audiooutput' && device.deviceId === deviceId);
  }
}
