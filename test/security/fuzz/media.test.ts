import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digitOfInfo, DigitReader, isDigit } from '../../../center/switch/embedded/media/dtmf.ts';
import { decode, encode, transcode, type Codec } from '../../../center/switch/embedded/media/g711.ts';
import { JitterBuffer } from '../../../center/switch/embedded/media/jitter-buffer.ts';
import { parseDescription, writeAnswer, writeOffer } from '../../../center/switch/embedded/media/sdp.ts';
import { parseWav, wavOf } from '../../../center/switch/wav.ts';
import { hostileText } from './support/hostile.ts';
import { fuzz } from './support/run.ts';

const local = { ufrag: 'ours', password: 'ours-and-secret-and-long', fingerprint: { algorithm: 'sha-256', value: 'AB:CD' }, address: '127.0.0.1', port: 40_000 };
const identity = { sessionId: 1, version: 1, ssrc: 7 };
const OFFER = writeOffer(local, 'actpass', identity);
const codec = (): fc.Arbitrary<Codec> => fc.constantFrom('pcmu', 'pcma');
const bytes = (maxLength: number): fc.Arbitrary<Buffer> => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

/** A session description with lines taken out, doubled, swapped, changed and put in. */
const description = (): fc.Arbitrary<string> => {
  const line = fc.oneof(
    fc.constantFrom(...OFFER.split('\r\n')),
    hostileText(),
    fc.tuple(fc.constantFrom('a=', 'm=', 'a=mid:', 'a=rtpmap:', 'a=fingerprint:', 'a=setup:', 'a=group:', 'm=audio 9 UDP/TLS/RTP/SAVPF ', 'm=video 9 RTP/AVP '), hostileText()).map((parts) => parts.join('')),
  );
  const edit = fc.tuple(fc.nat({ max: 30 }), fc.constantFrom('out', 'double', 'in', 'instead'), line);
  return fc.tuple(fc.array(edit, { maxLength: 4 }), fc.constantFrom('\r\n', '\n', '\r')).map(([edits, end]) => {
    const lines = OFFER.split('\r\n');
    for (const [at, kind, text] of edits) {
      if (kind === 'out') lines.splice(at, 1);
      else if (kind === 'double') lines.splice(at, 0, lines[at] ?? '');
      else lines.splice(at, kind === 'instead' ? 1 : 0, text);
    }
    return lines.join(end);
  });
};

describe('fuzz: media from outside', () => {
  it('a WAV file gives no more samples than it has, or is refused', async () => {
    const file = fc.oneof(
      bytes(200),
      fc.tuple(fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 50 }), fc.array(fc.tuple(fc.nat({ max: 150 }), fc.nat({ max: 255 })), { maxLength: 6 }), fc.nat({ max: 150 })).map(([samples, changes, cut]) => {
        const made = wavOf(Int16Array.from(samples));
        for (const [at, byte] of changes) if (at < made.length) made[at] = byte;
        return made.subarray(0, Math.max(cut, made.length - cut));
      }),
    );
    await fuzz(
      'WAV',
      3000,
      fc.property(file, (given) => {
        const read = parseWav(given);
        return read.ok ? read.value.length > 0 && read.value.length <= (given.length - 44) / 2 + 18 : read.error.code === 'input.invalid';
      }),
    );
  });

  it('a session description is understood or refused, and our answer to it is made of our lines', async () => {
    await fuzz(
      'session descriptions',
      4000,
      fc.property(fc.oneof({ weight: 8, arbitrary: description() }, { weight: 1, arbitrary: hostileText() }), (text) => {
        const read = parseDescription(text);
        if (!read.ok) return read.error.code === 'input.invalid';
        const { format, sections } = read.value;
        const lines = writeAnswer(local, read.value, 'passive', identity).split('\r\n');
        // One line a thing, whatever was in the offer: as many media as there were, and one of them ours.
        expect(lines.filter((line) => line.startsWith('m='))).toHaveLength(sections.length);
        expect(lines.filter((line) => line.startsWith('a=ice-pwd:'))).toEqual([`a=ice-pwd:${local.password}`]);
        expect(lines.every((line) => line === '' || /^[a-z]=[^\r\n]*$/.test(line))).toBe(true);
        return (format.codec === 'pcmu' || format.codec === 'pcma') && Number.isInteger(format.payloadType);
      }),
    );
  });

  it('sound of any bytes is sound', async () => {
    await fuzz(
      'G.711',
      2000,
      fc.property(bytes(400), codec(), codec(), (payload, from, to) => {
        const heard = decode(payload, from);
        expect(heard).toHaveLength(payload.length);
        expect(decode(encode(heard, from), from)).toEqual(heard);
        return transcode(payload, from, to).length === payload.length;
      }),
    );
  });

  it('packets in any order, of any length and time, play at our own pace', async () => {
    const frame = new Int16Array(160);
    const timestamp = fc.oneof(fc.nat({ max: 40_000 }), fc.constantFrom(0, 0x7fff_ff00, 0x8000_0000, 0xffff_ff60, 0xffff_ffff), fc.nat({ max: 0xffff_ffff }));
    const packet = fc.tuple(timestamp, fc.oneof(fc.constant(160), fc.constantFrom(0, 1, 8191, 8193, 65_000), fc.nat({ max: 1500 })));
    await fuzz(
      'jitter',
      500,
      fc.property(fc.array(packet, { maxLength: 40 }), codec(), (packets, law) => {
        const buffer = new JitterBuffer();
        for (const [at, length] of packets) {
          buffer.write(new Uint8Array(length), law, at);
          buffer.read(frame);
        }
        // Once nothing comes any more it falls silent within its depth.
        let frames = 0;
        while (buffer.read(frame)) frames++;
        expect(frames).toBeLessThanOrEqual(500);
        return frame.every((sample) => sample === 0);
      }),
    );
  });

  it('a key is one of sixteen, or none', async () => {
    const reader = new DigitReader();
    const isKey = (digit: string | null): boolean => digit === null || isDigit(digit);
    await fuzz(
      'keys',
      3000,
      fc.property(bytes(12), fc.nat({ max: 0xffff_ffff }), hostileText(), (payload, timestamp, text) => {
        const body = `Signal=${text}\r\nDuration=100`;
        return isKey(reader.read(payload, timestamp)) && isKey(digitOfInfo('application/dtmf-relay', body)) && isKey(digitOfInfo('application/dtmf', text)) && isKey(digitOfInfo(text, text));
      }),
    );
  });
});
