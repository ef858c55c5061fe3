import type { MediaType } from '../../../contract/media.ts';
import { wavSound } from './wav-in.ts';

/** Sound in one channel, samples of −1 … 1. */
export interface Heard {
  samples: Float32Array;
  rateHz: number;
}

/**
 * The sound in a file of this type; null where it is none, whatever its beginning says.
 * @param mostMs what lasts longer is not decoded: it would only take memory and time
 */
export async function decodeSound(type: MediaType, file: Uint8Array, mostMs: number): Promise<Heard | 'too-long' | null> {
  if (type === 'audio/wav') return wavSound(file, mostMs);
  return null;
}
