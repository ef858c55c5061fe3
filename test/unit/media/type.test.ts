import { describe, expect, it } from 'vitest';
import { typeOfBytes } from '../../../center/media/type.ts';

const bytes = (...values: (string | number)[]): Uint8Array => Buffer.concat([...values.map((value) => (typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.from([value]))), Buffer.alloc(16)]);

describe('what bytes are', () => {
  it.each([
    ['audio/wav', bytes('RIFF', 1, 2, 3, 4, 'WAVE')],
    ['audio/ogg', bytes('OggS')],
    ['audio/flac', bytes('fLaC')],
    ['audio/mp4', bytes(0, 0, 0, 32, 'ftypM4A ')],
    ['audio/mpeg', bytes('ID3', 4)],
    ['audio/mpeg', bytes(0xff, 0xfb, 0x90)],
    ['audio/mpeg', bytes(0xff, 0xf3, 0x40)],
  ])('%s is known by its beginning', (type, head) => {
    expect(typeOfBytes(head)).toBe(type);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a picture', bytes('RIFF', 1, 2, 3, 4, 'WEBP')],
    ['a film’s brand', bytes(0, 0, 0, 32, 'ftypheic')],
    ['AAC in ADTS', bytes(0xff, 0xf1, 0x50)],
    ['a frame of no bit rate', bytes(0xff, 0xfb, 0xf0)],
    ['text in UTF-16', bytes(0xff, 0xfe, 'a')],
    ['HTML', bytes('<!doctype html>')],
  ])('%s is none of them', (_what, head) => {
    expect(typeOfBytes(head)).toBeNull();
  });
});
