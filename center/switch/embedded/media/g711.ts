import { SAMPLE_RATE_HZ } from '../../wav.ts';

/*
 * ITU-T G.711: 8 kHz PCM16 ↔ 8-bit µ-law and A-law, by tables built once on first use.
 * One 20 ms frame is 160 samples.
 */

export type Codec = 'pcmu' | 'pcma';

export const FRAME_MS = 20;
export const FRAME_SAMPLES = (SAMPLE_RATE_HZ * FRAME_MS) / 1000;

/** What each codec writes for silence: comfortable for a receiver's decoder, and cheap to fill with. */
export const SILENCE_BYTE: Readonly<Record<Codec, number>> = { pcmu: 0xff, pcma: 0xd5 };

interface Tables {
  /** 256 entries: code → PCM16. */
  decode: Record<Codec, Int16Array>;
  /** 65,536 entries: PCM16 as unsigned → code. */
  encode: Record<Codec, Uint8Array>;
  /** 256 entries: code of one law → code of the other. */
  transcode: Record<Codec, Uint8Array>;
}

let built: Tables | null = null;
const tables = (): Tables => (built ??= buildTables());

/** Decodes `payload` into `target` from `offset` on; stops at the end of either. */
export function decodeInto(target: Int16Array, offset: number, payload: Uint8Array, codec: Codec): void {
  const table = tables().decode[codec];
  const count = Math.min(payload.length, target.length - offset);
  for (let i = 0; i < count; i++) target[offset + i] = table[payload[i] ?? 0] ?? 0;
}

/** Decodes a whole payload. */
export function decode(payload: Uint8Array, codec: Codec): Int16Array {
  const pcm = new Int16Array(payload.length);
  decodeInto(pcm, 0, payload, codec);
  return pcm;
}

/** Encodes PCM16 samples; the result has one byte a sample. */
export function encode(pcm: Int16Array, codec: Codec): Buffer {
  const table = tables().encode[codec];
  const payload = Buffer.allocUnsafe(pcm.length);
  for (let i = 0; i < pcm.length; i++) payload[i] = table[(pcm[i] ?? 0) & 0xffff] ?? 0;
  return payload;
}

/** The same audio in the other law; the very same buffer when the laws are equal. */
export function transcode(payload: Buffer, from: Codec, to: Codec): Buffer {
  if (from === to) return payload;
  const table = tables().transcode[from];
  const out = Buffer.allocUnsafe(payload.length);
  for (let i = 0; i < payload.length; i++) out[i] = table[payload[i] ?? 0] ?? 0;
  return out;
}

function buildTables(): Tables {
  const decodePcmu = Int16Array.from({ length: 256 }, (_, code) => decodeMuLaw(code));
  const decodePcma = Int16Array.from({ length: 256 }, (_, code) => decodeALaw(code));
  const signed = (unsigned: number): number => (unsigned > 0x7fff ? unsigned - 0x10000 : unsigned);
  const encodePcmu = Uint8Array.from({ length: 65_536 }, (_, sample) => encodeMuLaw(signed(sample)));
  const encodePcma = Uint8Array.from({ length: 65_536 }, (_, sample) => encodeALaw(signed(sample)));
  return {
    decode: { pcmu: decodePcmu, pcma: decodePcma },
    encode: { pcmu: encodePcmu, pcma: encodePcma },
    transcode: {
      pcmu: Uint8Array.from(decodePcmu, (sample) => encodeALaw(sample)),
      pcma: Uint8Array.from(decodePcma, (sample) => encodeMuLaw(sample)),
    },
  };
}

const MU_BIAS = 0x84;
const MU_CLIP = 32_635;

function encodeMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), MU_CLIP) + MU_BIAS;
  const exponent = Math.max(0, Math.floor(Math.log2(magnitude)) - 7);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

function decodeMuLaw(code: number): number {
  const inverted = ~code & 0xff;
  const exponent = (inverted >> 4) & 0x07;
  const magnitude = (((inverted & 0x0f) << 3) + MU_BIAS) << exponent;
  return inverted & 0x80 ? MU_BIAS - magnitude : magnitude - MU_BIAS;
}

function encodeALaw(sample: number): number {
  const positive = sample >= 0;
  const magnitude = Math.min(positive ? sample >> 4 : (-sample - 1) >> 4, 0x7ff);
  const exponent = magnitude < 32 ? (magnitude < 16 ? 0 : 1) : Math.floor(Math.log2(magnitude)) - 3;
  const mantissa = exponent <= 1 ? magnitude & 0x0f : (magnitude >> (exponent - 1)) & 0x0f;
  return ((positive ? 0x80 : 0) | (exponent << 4) | mantissa) ^ 0x55;
}

function decodeALaw(code: number): number {
  const toggled = code ^ 0x55;
  const exponent = (toggled >> 4) & 0x07;
  const mantissa = toggled & 0x0f;
  const magnitude = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
  return toggled & 0x80 ? magnitude : -magnitude;
}
