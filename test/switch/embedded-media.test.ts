import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Announcements } from '../../center/switch/embedded/announcements.ts';
import { DigitReader, digitOfInfo, digitSteps } from '../../center/switch/embedded/media/dtmf.ts';
import { decode, encode, transcode, type Codec } from '../../center/switch/embedded/media/g711.ts';
import { JitterBuffer } from '../../center/switch/embedded/media/jitter-buffer.ts';
import { mirrored, parseDescription, writeAnswer } from '../../center/switch/embedded/media/sdp.ts';
import { Ticker } from '../../center/switch/embedded/media/ticker.ts';
import { parseWav, wavOf, WavWriter } from '../../center/switch/wav.ts';
import { parseReplaces } from '../../center/switch/embedded/sip/text.ts';
import { displayName, headerLine } from '../../center/switch/text.ts';
import { must } from './stage.ts';

const ALL_CODES = Uint8Array.from({ length: 256 }, (_, code) => code);

describe('G.711', () => {
  // From ITU-T G.711, tables 1a to 2b: silence, the smallest steps and both ends.
  it.each<[Codec, number, number]>([
    ['pcmu', 0xff, 0], ['pcmu', 0x80, 32_124], ['pcmu', 0x00, -32_124], ['pcmu', 0xfe, 8],
    ['pcma', 0xd5, 8], ['pcma', 0x55, -8], ['pcma', 0xaa, 32_256], ['pcma', 0x2a, -32_256],
  ])('%s decodes 0x%x to %i', (codec, code, sample) => {
    expect(decode(Uint8Array.of(code), codec)[0]).toBe(sample);
  });

  it.each<Codec>(['pcmu', 'pcma'])('%s encodes what it decoded to the same sample', (codec) => {
    const samples = decode(ALL_CODES, codec);
    expect(decode(encode(samples, codec), codec)).toEqual(samples);
  });

  it.each<Codec>(['pcmu', 'pcma'])('%s stays within an eighth of any sample', (codec) => {
    const samples = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
    const back = decode(encode(samples, codec), codec);
    const worst = samples.reduce((most, sample, i) => Math.max(most, Math.abs((back[i] ?? 0) - sample) / (Math.abs(sample) + 64)), 0);
    expect(worst).toBeLessThan(0.13);
  });

  it('changes the law and not the loudness', () => {
    const muLaw = Buffer.from(ALL_CODES);
    const [before, after] = [decode(muLaw, 'pcmu'), decode(transcode(muLaw, 'pcmu', 'pcma'), 'pcma')];
    const worst = before.reduce((most, sample, i) => Math.max(most, Math.abs((after[i] ?? 0) - sample) / (Math.abs(sample) + 64)), 0);
    expect(worst).toBeLessThan(0.13);
    expect(transcode(muLaw, 'pcma', 'pcma')).toBe(muLaw);
  });
});

describe('jitter buffer', () => {
  const packet = (value: number): Buffer => encode(new Int16Array(160).fill(value), 'pcmu');
  /** Mean of each of the next frames, rounded to 500. */
  const readMeans = (buffer: JitterBuffer, frames: number): number[] =>
    Array.from({ length: frames }, () => {
      const frame = new Int16Array(160);
      buffer.read(frame);
      return Math.round(frame.reduce((sum, sample) => sum + sample, 0) / 160 / 500) * 500;
    });

  it('gives back in order what came in disorder, after 40 ms', () => {
    const buffer = new JitterBuffer();
    for (const [value, at] of [[1000, 0], [3000, 320], [2000, 160], [4000, 480]] as const) buffer.write(packet(value), 'pcmu', at);
    expect(readMeans(buffer, 6)).toEqual([0, 0, 1000, 2000, 3000, 4000]);
  });

  it('is silent where a packet was lost, and shifts nothing', () => {
    const buffer = new JitterBuffer();
    for (const [value, at] of [[1000, 0], [3000, 320]] as const) buffer.write(packet(value), 'pcmu', at);
    expect(readMeans(buffer, 5)).toEqual([0, 0, 1000, 0, 3000]);
  });

  it('goes on over the wrap of the timestamp', () => {
    const buffer = new JitterBuffer();
    for (let i = 0; i < 4; i++) buffer.write(packet(1000 * (i + 1)), 'pcmu', (2 ** 32 - 320 + 160 * i) % 2 ** 32);
    expect(readMeans(buffer, 6)).toEqual([0, 0, 1000, 2000, 3000, 4000]);
  });

  it('never keeps more than 300 ms', () => {
    const buffer = new JitterBuffer();
    for (let i = 0; i < 100; i++) buffer.write(packet(1000), 'pcmu', 160 * i);
    const means = readMeans(buffer, 20);
    expect(means.filter((mean) => mean !== 0).length).toBeLessThanOrEqual(15);
    expect(means.at(-1)).toBe(0);
  });

  it('begins anew when it ran dry, or the sender’s clock jumped', () => {
    const buffer = new JitterBuffer();
    buffer.write(packet(1000), 'pcmu', 0);
    readMeans(buffer, 6);
    for (let i = 0; i < 6; i++) buffer.write(packet(2000), 'pcmu', 1_000_000 + 160 * i);
    expect(readMeans(buffer, 8)).toContain(2000);
  });
});

describe('ticker', () => {
  /** Keeps the process busy, as a long garbage collection would. */
  const stall = (ms: number): void => {
    const until = performance.now() + ms;
    while (performance.now() < until) Atomics.load(new Int32Array(1), 0);
  };

  it('makes up for lateness, does not drift, and bears a listener that throws', async () => {
    const errors: unknown[] = [];
    const ticker = new Ticker(() => performance.now(), (error) => errors.push(error));
    const from = performance.now();
    const ticks = await new Promise<number>((resolve) => {
      let count = 0;
      ticker.onTick(() => {
        throw new Error('listener');
      });
      ticker.onTick(() => {
        count++;
        if (count === 3) stall(75);
        if (count === 25) resolve(count);
      });
    });
    const elapsed = performance.now() - from;
    ticker.stop();
    expect(errors.length).toBeGreaterThanOrEqual(ticks - 1);
    expect(elapsed).toBeGreaterThan(490);
    expect(elapsed).toBeLessThan(600);
  });
});

describe('keys', () => {
  it('reads each event once, whatever the number of its packets', () => {
    const reader = new DigitReader();
    const read = digitSteps('11').flatMap(({ payloads }, i) => payloads.map((payload) => reader.read(payload, i < 9 ? 1000 : 2440)));
    expect(read.filter((digit) => digit !== null)).toEqual(['1', '1']);
    expect(reader.read(Buffer.from([99, 0, 0, 0]), 5)).toBe(null);
    expect(reader.read(Buffer.from([1]), 6)).toBe(null);
  });

  it.each([
    ['application/dtmf-relay', 'Signal=5\r\nDuration=160', '5'], ['application/dtmf-relay', 'Signal= 10\r\n', '*'], ['application/dtmf-relay', 'Signal=11', '#'],
    ['application/dtmf', 'd', 'D'], ['application/dtmf', '99', null], ['application/dtmf-relay', 'Signal=Z', null], ['text/plain', '5', null],
  ])('reads INFO %s %j as %j', (contentType, body, digit) => {
    expect(digitOfInfo(contentType, body)).toBe(digit);
  });
});

describe('WAV', () => {
  const tone = Int16Array.from({ length: 20_000 }, (_, i) => i);

  it('is read as it was written, piece by piece', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sangdam-wav-'));
    const file = join(folder, 'a.wav');
    const writer = await WavWriter.create(file);
    for (let at = 0; at < tone.length; at += 160) writer.write(tone.subarray(at, at + 160));
    await writer.close();
    expect(must(parseWav(await readFile(file)))).toEqual(tone);
    expect(writer.durationMs).toBe(2500);
    await rm(folder, { recursive: true });
  });

  it('skips chunks it does not know', () => {
    const plain = wavOf(tone);
    const list = Buffer.concat([Buffer.from('LIST\x03\0\0\0abc\0')]);
    expect(must(parseWav(Buffer.concat([plain.subarray(0, 36), list, plain.subarray(36)])))).toEqual(tone);
  });

  it('refuses stereo, another rate and compressed audio', () => {
    for (const [at, value] of [[22, 2], [24, 16_000], [20, 7], [34, 8]] as const) {
      const bytes = wavOf(tone);
      bytes.writeUInt16LE(value, at);
      expect(parseWav(bytes)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    }
  });
});

describe('hold music', () => {
  it('has a melody of its own where there is no file', async () => {
    const samples = await new Announcements('/no/such/folder').holdMusic();
    expect(samples.length).toBeGreaterThan(8000 * 5);
    expect(samples.some((sample) => Math.abs(sample) > 1000)).toBe(true);
  });
});

describe('session description', () => {
  const transport = ['a=ice-ufrag:u', 'a=ice-pwd:p', 'a=fingerprint:sha-256 AA:BB', 'a=setup:actpass'];
  const offer = (...lines: string[]): string => ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', ...lines, ''].join('\r\n');

  it('takes the first law that is offered, and the event of its clock', () => {
    const text = offer(...transport, 'm=audio 9 UDP/TLS/RTP/SAVPF 111 8 0 110 126', 'a=rtpmap:111 opus/48000/2', 'a=rtpmap:110 telephone-event/48000', 'a=rtpmap:126 telephone-event/8000');
    expect(must(parseDescription(text)).format).toEqual({ codec: 'pcma', payloadType: 8, eventPayloadType: 126 });
  });

  it('refuses video in the answer, at its place', () => {
    const text = offer('a=group:BUNDLE a v', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:v', 'm=audio 9 UDP/TLS/RTP/SAVPF 0', 'a=mid:a', ...transport, 'a=sendonly');
    const local = { ufrag: 'l', password: 'w', fingerprint: { algorithm: 'sha-256', value: 'CC' }, address: '127.0.0.1', port: 4000 };
    const answer = writeAnswer(local, must(parseDescription(text)), 'passive', { sessionId: 1, version: 1, ssrc: 1 });
    expect(answer.match(/^m=.*$/gm)).toEqual(['m=video 0 UDP/TLS/RTP/SAVPF 96', 'm=audio 4000 UDP/TLS/RTP/SAVPF 0']);
    expect(answer).toContain('a=group:BUNDLE a\r\n');
    expect(answer).toContain('a=recvonly');
  });

  it.each(['UDP/TLS/RTP/SAVPF', 'UDP/TLS/RTP/SAVP', 'RTP/SAVPF', 'RTP/SAVP'])('takes audio by DTLS-SRTP that is called %s, and calls it the same', (protocol) => {
    const remote = must(parseDescription(offer(`m=audio 40000 ${protocol} 0 101`, 'a=rtpmap:101 telephone-event/8000', ...transport)));
    const local = { ufrag: 'l', password: 'w', fingerprint: { algorithm: 'sha-256', value: 'CC' }, address: '127.0.0.1', port: 4000 };
    expect(writeAnswer(local, remote, 'passive', { sessionId: 1, version: 1, ssrc: 1 })).toContain(`m=audio 4000 ${protocol} 0 101\r\n`);
  });

  it.each(['', 'hello', offer('m=audio 9 RTP/SAVP 0', 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x'), offer('m=audio 9 RTP/AVP 0', ...transport), offer('m=audio 0 UDP/TLS/RTP/SAVPF 0', ...transport), offer('m=audio 9 UDP/TLS/RTP/SAVPF 0')])('refuses %j', (text) => {
    expect(parseDescription(text)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
  });

  it('failure: reads no more than a call can mean, and mirrors no more', () => {
    const audio = ['m=audio 9 UDP/TLS/RTP/SAVPF 0', ...transport];
    const many = (line: string, count: number): string => offer(...audio, ...Array.from({ length: count }, () => line));
    expect(parseDescription(many('a=candidate:1 1 udp 1 192.0.2.1 9 typ host', 100))).toMatchObject({ ok: true });
    for (const text of [many('a=candidate:1 1 udp 1 192.0.2.1 9 typ host', 1500), many('m=video 9 UDP/TLS/RTP/SAVPF 96', 16)]) expect(parseDescription(text)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    const formats = must(parseDescription(offer(`m=video 9 UDP/TLS/RTP/SAVPF${' 96'.repeat(1000)}`, ...audio))).sections[0]?.formats ?? '';
    expect(formats.split(' ')).toHaveLength(64);
  });

  it('answers each direction with its mirror image', () => {
    expect((['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const).map(mirrored)).toEqual(['sendrecv', 'recvonly', 'sendonly', 'inactive']);
  });
});

describe('text in SIP headers', () => {
  it('keeps a display name within its quotes', () => {
    expect(displayName('a"b\\c\r\nd\u0000')).toBe("a'b/c  d");
    expect(Array.from(displayName('가'.repeat(500)))).toHaveLength(128);
  });

  it('lets nothing but X-Sangdam headers of one line through', () => {
    expect(headerLine('X-Sangdam-Contact', '고객 1')).toBe('X-Sangdam-Contact: 고객 1');
    expect([headerLine('From', 'x'), headerLine('X-Sangdam-A', 'x\ny'), headerLine('X-Sangdam-A', 'x'.repeat(2000))]).toEqual([null, null, null]);
  });

  it.each(['a%40b;to-tag=1;from-tag=2', 'a@b%3Bfrom-tag%3D2%3Bto-tag%3D1', 'a@b;to-tag=1;from-tag=2;early-only'])('reads Replaces %j', (value) => {
    expect(parseReplaces(value)).toEqual({ callId: 'a@b', toTag: '1', fromTag: '2' });
  });

  it.each(['', 'a', 'a;to-tag=1', '%', ';to-tag=1;from-tag=2'])('refuses Replaces %j', (value) => {
    expect(parseReplaces(value)).toBe(null);
  });
});
