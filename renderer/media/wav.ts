const HEADER_BYTES = 44;

/** Samples of −1 … 1 in one channel as a WAV file of 16 bits (RIFF, PCM). */
export function wavOf(samples: Float32Array, rateHz: number): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(HEADER_BYTES + samples.length * 2);
  const view = new DataView(file.buffer);
  const text = (at: number, word: string): void => void new TextEncoder().encodeInto(word, file.subarray(at));
  text(0, 'RIFF');
  view.setUint32(4, file.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, samples.length * 2, true);
  for (let i = 0; i < samples.length; i++) view.setInt16(HEADER_BYTES + i * 2, Math.round(Math.max(-1, Math.min(1, samples[i] ?? 0)) * 32_767), true);
  return file;
}

/** Whether a file begins as a WAV file does. */
export const isWav = (head: Uint8Array): boolean => String.fromCharCode(...head.subarray(0, 4), ...head.subarray(8, 12)) === 'RIFFWAVE';
