import { LONGEST_ANNOUNCEMENT_MS, MOST_UPLOAD_BYTES } from '../../contract/media-bounds.ts';
import { isWav, wavOf } from './wav.ts';

/** Why a sound cannot be brought: nothing in it, nothing to be heard, longer or larger than any announcement, a format that nobody reads. */
export type SoundObjection = 'empty' | 'silent' | 'too-long' | 'too-large' | 'unreadable';

/** A browser keeps what it decodes in memory: three minutes in stereo are as much as this. */
const MOST_DECODED_BYTES = 64 * 1024 * 1024;
/** Twice what a telephone has, and for what would not fit, as much. */
const RATES_HZ = [16_000, 8000] as const;
/** 60 dB below full scale. */
const SILENT = 0.001;
const HEADER_BYTES = 44;

/**
 * What is brought to the center of a file that somebody chose. WAV goes as it is, for the center to judge; whatever else this
 * browser can play is decoded here, where nothing of the center's is within reach of what a stranger has put into a file.
 */
export async function soundToUpload(file: Blob): Promise<{ sound: Blob } | { objection: SoundObjection }> {
  if (file.size === 0) return { objection: 'empty' };
  if (isWav(new Uint8Array(await file.slice(0, 12).arrayBuffer())) && file.size <= MOST_UPLOAD_BYTES) return { sound: file };
  if (file.size > MOST_DECODED_BYTES) return { objection: 'too-large' };
  const lastsMs = await durationOf(file);
  if (lastsMs === null) return { objection: 'unreadable' };
  if (lastsMs > LONGEST_ANNOUNCEMENT_MS) return { objection: 'too-long' };
  for (const rateHz of RATES_HZ) {
    const samples = await decoded(file, rateHz);
    if (samples === null) return { objection: 'unreadable' };
    if (samples.every((sample) => Math.abs(sample) < SILENT)) return { objection: 'silent' };
    if (HEADER_BYTES + samples.length * 2 <= MOST_UPLOAD_BYTES) return { sound: new Blob([wavOf(samples, rateHz)], { type: 'audio/wav' }) };
  }
  return { objection: 'too-long' };
}

/** As its container says, in milliseconds; 0 where that says nothing, as of what a browser has recorded; null: it cannot be played. */
function durationOf(file: Blob): Promise<number | null> {
  const url = URL.createObjectURL(file);
  return new Promise<number | null>((resolve) => {
    const player = new Audio();
    player.preload = 'metadata';
    player.addEventListener('loadedmetadata', () => resolve(Number.isFinite(player.duration) ? player.duration * 1000 : 0));
    player.addEventListener('error', () => resolve(null));
    player.src = url;
  }).finally(() => URL.revokeObjectURL(url));
}

/** Its channels mixed into one; null: it cannot be decoded, whatever its container says. */
async function decoded(file: Blob, rateHz: number): Promise<Float32Array | null> {
  try {
    const buffer = await new OfflineAudioContext(1, 1, rateHz).decodeAudioData(await file.arrayBuffer());
    const mixed = new Float32Array(buffer.length);
    for (let channel = 0; channel < buffer.numberOfChannels; channel++) {
      const samples = buffer.getChannelData(channel);
      for (let i = 0; i < mixed.length; i++) mixed[i] = (mixed[i] ?? 0) + (samples[i] ?? 0) / buffer.numberOfChannels;
    }
    return mixed;
  } catch {
    return null;
  }
}
