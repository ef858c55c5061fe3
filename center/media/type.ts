import type { MediaType } from '../../contract/media.ts';

/** So many bytes at the beginning say what something is. */
export const TELLING_BYTES = 16;

/**
 * What bytes are, by how they begin; null: none of what is taken. MPEG audio has no name of its own at its beginning: a tag
 * (ID3v2), or the sync word of a frame of layer 3 whose fields are allowed (ISO/IEC 11172-3, 2.4.1.3).
 */
export function typeOfBytes(head: Uint8Array): MediaType | null {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, TELLING_BYTES)).toString('latin1');
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WAVE') return 'audio/wav';
  if (text.startsWith('OggS')) return 'audio/ogg';
  if (text.startsWith('fLaC')) return 'audio/flac';
  if (/^ftyp(M4A|M4B|mp4|isom|iso\d|dash|MSNV|qt )/.test(text.slice(4))) return 'audio/mp4';
  if (text.startsWith('ID3') || isMpegFrame(head)) return 'audio/mpeg';
  return null;
}

function isMpegFrame([first = 0, second = 0, third = 0]: Uint8Array): boolean {
  const isLayer3 = first === 0xff && (second & 0xe6) === 0xe2 && (second & 0x18) !== 0x08;
  return isLayer3 && third >> 4 !== 0xf && third >> 4 !== 0 && (third & 0x0c) !== 0x0c;
}
