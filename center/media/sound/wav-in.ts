import type { Heard } from './decode.ts';

const [PCM, FLOAT, A_LAW, MU_LAW, EXTENSIBLE] = [1, 3, 6, 7, 0xfffe];

type Read = (bytes: DataView, at: number) => number;

/** ITU-T G.711, one byte as −1 … 1. */
function ofMuLaw(byte: number): number {
  const value = ~byte & 0xff;
  const magnitude = ((((value & 0x0f) << 3) + 0x84) << ((value & 0x70) >> 4)) - 0x84;
  return ((value & 0x80) === 0 ? magnitude : -magnitude) / 32_768;
}

function ofALaw(byte: number): number {
  const value = byte ^ 0x55;
  const exponent = (value & 0x70) >> 4;
  const mantissa = (value & 0x0f) << 4;
  const magnitude = exponent === 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1);
  return ((value & 0x80) === 0 ? -magnitude : magnitude) / 32_768;
}

function readerOf(format: number, bits: number): Read | null {
  if (format === PCM && bits === 8) return (bytes, at) => (bytes.getUint8(at) - 128) / 128;
  if (format === PCM && bits === 16) return (bytes, at) => bytes.getInt16(at, true) / 32_768;
  if (format === PCM && bits === 24) return (bytes, at) => (bytes.getUint8(at) | (bytes.getUint8(at + 1) << 8) | (bytes.getInt8(at + 2) << 16)) / 8_388_608;
  if (format === PCM && bits === 32) return (bytes, at) => bytes.getInt32(at, true) / 2_147_483_648;
  if (format === FLOAT && bits === 32) return (bytes, at) => bytes.getFloat32(at, true);
  if (format === MU_LAW && bits === 8) return (bytes, at) => ofMuLaw(bytes.getUint8(at));
  if (format === A_LAW && bits === 8) return (bytes, at) => ofALaw(bytes.getUint8(at));
  return null;
}

/** A WAV file: PCM of 8 to 32 bits, 32-bit float, A-law, µ-law; any rate, any number of channels. Null for what is none. */
export function wavSound(file: Uint8Array, mostMs: number): Heard | 'too-long' | null {
  const bytes = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tag = (at: number): string => String.fromCharCode(...file.subarray(at, at + 4));
  let [format, channels, rateHz, bits] = [0, 0, 0, 0];
  for (let at = 12; at + 8 <= file.length; ) {
    const length = bytes.getUint32(at + 4, true);
    const start = at + 8;
    if (tag(at) === 'fmt ' && length >= 16 && start + 16 <= file.length) {
      [format, channels, rateHz, bits] = [bytes.getUint16(start, true), bytes.getUint16(start + 2, true), bytes.getUint32(start + 4, true), bytes.getUint16(start + 14, true)];
      if (format === EXTENSIBLE && length >= 40 && start + 26 <= file.length) format = bytes.getUint16(start + 24, true);
    }
    if (tag(at) === 'data') return samplesOf(bytes, start, Math.min(length, file.length - start), { channels, rateHz, bits, read: readerOf(format, bits) }, mostMs);
    at = start + length + (length & 1);
  }
  return null;
}

function samplesOf(bytes: DataView, start: number, length: number, { channels, rateHz, bits, read }: { channels: number; rateHz: number; bits: number; read: Read | null }, mostMs: number): Heard | 'too-long' | null {
  if (read === null || channels < 1 || channels > 8 || rateHz < 4000 || rateHz > 192_000) return null;
  const width = bits / 8;
  const count = Math.floor(length / (width * channels));
  if ((count / rateHz) * 1000 > mostMs) return 'too-long';
  const samples = new Float32Array(count);
  for (let i = 0; i < samples.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += read(bytes, start + (i * channels + channel) * width);
    samples[i] = sum / channels;
  }
  return { samples, rateHz };
}
