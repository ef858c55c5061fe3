import type { Tone } from '../../port.ts';
import { SAMPLE_RATE_HZ } from '../../wav.ts';
import { FRAME_SAMPLES } from './g711.ts';

/** Something that can be heard, 20 ms at a time. */
export interface Source {
  /** Fills the next frame. @returns false when it is over, and nothing was filled */
  next(frame: Int16Array): boolean;
  /** It ended before its end. */
  readonly broken?: boolean;
  /** Nobody hears it any more. */
  close?(): void;
}

/** Recorded samples, once or round and round. */
export function samplesSource(samples: Int16Array, repeat: boolean): Source {
  let at = 0;
  return {
    next(frame) {
      if (at >= samples.length && !repeat) return false;
      for (let i = 0; i < frame.length; i++) {
        if (at >= samples.length && repeat) at = 0;
        frame[i] = samples[at] ?? 0;
        at++;
      }
      return true;
    },
  };
}

interface Cadence {
  frequenciesHz: number[];
  onMs: number;
  offMs: number;
}

/** Korea's tones (ITU-T E.180 Supplement 2); a beep before a recording. */
const TONES: Readonly<Record<Tone, Cadence>> = {
  ringback: { frequenciesHz: [440, 480], onMs: 1000, offMs: 2000 },
  busy: { frequenciesHz: [480, 620], onMs: 500, offMs: 500 },
  congestion: { frequenciesHz: [480, 620], onMs: 300, offMs: 200 },
  beep: { frequenciesHz: [1000], onMs: 300, offMs: 0 },
};

const TONE_AMPLITUDE = 5000;

/** One cadence of a tone, to be played once or repeated. */
export function toneSamples(tone: Tone): Int16Array {
  const { frequenciesHz, onMs, offMs } = TONES[tone];
  const samples = new Int16Array(((onMs + offMs) * SAMPLE_RATE_HZ) / 1000);
  const on = (onMs * SAMPLE_RATE_HZ) / 1000;
  for (let i = 0; i < on; i++) {
    const sum = frequenciesHz.reduce((total, hz) => total + Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE_HZ), 0);
    samples[i] = Math.round((sum / frequenciesHz.length) * TONE_AMPLITUDE);
  }
  return samples;
}

/** C major arpeggios, in semitones from A4, one note each 400 ms. */
const MELODY = [-9, -5, -2, 3, -2, -5, -4, 0, 3, 8, 3, 0, -7, -4, 0, 5, 0, -4, -9, -5, -2, 3, -2, -5];
const NOTE_MS = 400;

/** Hold music of our own, for installations without `music.wav`: soft plucked notes, 9.6 s long. */
export function melodySamples(): Int16Array {
  const perNote = (NOTE_MS * SAMPLE_RATE_HZ) / 1000;
  const samples = new Int16Array(MELODY.length * perNote);
  MELODY.forEach((semitones, note) => {
    const hz = 440 * 2 ** (semitones / 12);
    for (let i = 0; i < perNote; i++) {
      const seconds = i / SAMPLE_RATE_HZ;
      const envelope = Math.min(1, seconds / 0.02) * Math.exp(-3 * seconds);
      const wave = Math.sin(2 * Math.PI * hz * seconds) + 0.3 * Math.sin(4 * Math.PI * hz * seconds);
      samples[note * perNote + i] = Math.round(wave * envelope * 4500);
    }
  });
  return samples;
}

export const newFrame = (): Int16Array => new Int16Array(FRAME_SAMPLES);
