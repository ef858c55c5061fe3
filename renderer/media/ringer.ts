import type { Disposer } from '../../contract/errors.ts';
import type { Speaker } from './speaker.ts';

const RING_URL = new URL('../../resources/sounds/ring.wav', import.meta.url).href;
/** Somebody who talks is told of a second call, not shouted at. */
const BESIDE_A_CALL = 0.25;

/** The ring, on a device of its own. */
export class Ringer {
  private readonly speaker: Speaker;
  private level = 1;
  private quiet = false;
  private stopPlaying: Disposer | null = null;

  constructor(speaker: Speaker) {
    this.speaker = speaker;
  }

  get ringing(): boolean {
    return this.stopPlaying !== null;
  }

  /** 0…1, also while it rings. */
  set volume(level: number) {
    this.level = level;
    this.adjust();
  }

  /** @param quiet a call is going on: rings softly */
  start(quiet: boolean): void {
    this.quiet = quiet;
    this.adjust();
    this.stopPlaying ??= this.speaker.playFile(RING_URL, { loop: true });
  }

  stop(): void {
    this.stopPlaying?.();
    this.stopPlaying = null;
  }

  private adjust(): void {
    this.speaker.volume = this.level * (this.quiet ? BESIDE_A_CALL : 1);
  }
}

/** The sound by which a device is tried. @returns stops it */
export const playSample = (speaker: Speaker, onEnded: () => void): Disposer => speaker.playFile(RING_URL, { loop: false }, onEnded);
