import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFragments, readRecords, wholeMessage } from '../../center/switch/embedded/media/dtls-records.ts';
import { HandshakeFront } from '../../center/switch/embedded/media/handshake.ts';
import { until } from '../support/until.ts';

const CLIENT_HELLO = 1;
const CERTIFICATE = 11;
const CERTIFICATE_VERIFY = 15;
const CLIENT_KEY_EXCHANGE = 16;

const forged = Buffer.alloc(900, 99);
const FORGED_NUMBER = 9;
const FOREIGN_NUMBER = 8;
const verdicts: ReadonlyMap<number, 'discard' | 'refuse'> = new Map([[FORGED_NUMBER, 'refuse'], [FOREIGN_NUMBER, 'discard']]);

/** What a client says until its keys are in use: type and body, by `message_seq`. */
const said: readonly (readonly [number, Buffer])[] = [
  [CLIENT_HELLO, Buffer.alloc(120, 1)],
  [CLIENT_HELLO, Buffer.alloc(140, 2)],
  [CERTIFICATE, Buffer.alloc(900, 3)],
  [CLIENT_KEY_EXCHANGE, Buffer.alloc(66, 4)],
  [CERTIFICATE_VERIFY, Buffer.alloc(75, 5)],
];

const message = (sequence: number): Buffer => wholeMessage(said[sequence]?.[0] ?? 0, sequence, said[sequence]?.[1] ?? Buffer.alloc(0));

/** One piece of a message in a record of its own. */
function piece(sequence: number, offset: number, end: number): Buffer {
  const [type, body] = said[sequence] ?? [0, Buffer.alloc(0)];
  const part = body.subarray(offset, end);
  const record = wholeMessage(type, sequence, part);
  record.writeUIntBE(body.length, 14, 3);
  record.writeUIntBE(offset, 19, 3);
  return record;
}

/** An encrypted record of the handshake, as far as can be told without keys. */
const sealed = (sequence: number): Buffer => Buffer.from([22, 254, 253, 0, 1, 0, 0, 0, 0, 0, sequence, 0, 3, 9, 9, 9]);
const serverMessage = (type: number, sequence: number): Buffer => wholeMessage(type, sequence, Buffer.alloc(20, type));
const numbersOf = (datagrams: readonly Buffer[]): number[] => datagrams.flatMap((datagram) => readRecords(datagram).map(({ sequence }) => sequence));

describe('the front before a handshake', () => {
  let delivered: Buffer[];
  let out: Buffer[];
  let hasPath: boolean;
  let failures: string[];
  let front: HandshakeFront;

  beforeEach(() => {
    failures = [];
    delivered = [];
    out = [];
    hasPath = true;
    front = made();
  });
  afterEach(() => front.close());

  const made = (): HandshakeFront =>
    new HandshakeFront({
      hasPath: () => hasPath,
      troubleOf: (messageType, body) => (messageType === CERTIFICATE && body.equals(forged) ? 'forged' : null),
      judgeSealed: (record) => verdicts.get(record[10] ?? 0) ?? 'pass',
      fail: (why) => failures.push(why),
      send: (datagram) => out.push(datagram),
      deliver: (record) => delivered.push(record),
      reseal: (record, sequence) => Buffer.concat([record.subarray(0, 10), Buffer.from([sequence]), record.subarray(11)]),
    });
  const deliveredInClear = (): [number, number][] => delivered.flatMap((record) => readRecords(record).flatMap(({ payload }) => readFragments(payload).map(({ sequence, body }): [number, number] => [sequence, body.length])));
  const everything = said.map(([, body], sequence): [number, number] => [sequence, body.length]);

  it('hands over what came before the association began', () => {
    front.receive(message(0));
    expect(delivered).toEqual([]);
    front.begin('server');
    expect(deliveredInClear()).toEqual(everything.slice(0, 1));
  });

  it('hands messages over whole, once and in order, however they came', () => {
    const pieces = said.flatMap(([, body], sequence) => {
      const cut = Math.floor(body.length / 3);
      return [message(sequence), piece(sequence, 0, cut), piece(sequence, cut, 2 * cut), piece(sequence, cut - 5, body.length)];
    });
    fc.assert(
      fc.property(fc.shuffledSubarray(pieces, { minLength: pieces.length, maxLength: pieces.length }), fc.array(fc.constantFrom(...pieces)), (first, again) => {
        delivered = [];
        const one = made();
        one.begin('server');
        for (const datagram of [...first, ...again]) one.receive(datagram);
        one.close();
        expect(deliveredInClear()).toEqual(everything);
      }),
    );
  });

  it('puts a message together of pieces alone', () => {
    front.begin('server');
    for (const [from, to] of [[60, 120], [0, 30], [0, 30], [20, 70]] as const) front.receive(piece(0, from, to));
    expect(delivered.map((record) => record.equals(message(0)))).toEqual([true]);
  });

  it('holds a Finished until its keys are made', () => {
    front.begin('server');
    front.receive(sealed(0));
    for (const sequence of [0, 1, 2, 3]) front.receive(message(sequence));
    expect(delivered).toHaveLength(4);
    front.receive(message(4));
    expect(delivered.at(-1)?.equals(sealed(0))).toBe(true);
  });

  it('sends nothing before ICE has a path, and its flight as soon as it has', () => {
    hasPath = false;
    front.begin('server');
    front.receive(message(0));
    front.sent(serverMessage(3, 0));
    expect(out).toEqual([]);
    hasPath = true;
    front.pathFound();
    expect(numbersOf(out)).toEqual([0]);
  });

  it('sends a flight again until it is answered, each time under new record numbers', async () => {
    front.begin('server');
    front.receive(message(0));
    front.sent(serverMessage(3, 0));
    await until('it is sent three times', () => out.length >= 3);
    expect(numbersOf(out.slice(0, 3))).toEqual([0, 1, 2]);
    front.receive(message(1));
    front.sent(serverMessage(2, 1));
    const at = out.length;
    await until('the next is sent again', () => out.length > at);
    expect(readFragments(readRecords(out.at(-1) ?? Buffer.alloc(0))[0]?.payload ?? Buffer.alloc(0))[0]?.sequence).toBe(1);
  });

  it('leaves werift’s own retransmissions to itself', async () => {
    front.begin('server');
    front.receive(message(0));
    for (let i = 0; i < 3; i++) front.sent(serverMessage(3, 0));
    await until('it is sent', () => out.length > 0);
    expect(numbersOf(out.slice(0, 1))).toEqual([0]);
  });

  it('sends a flight in as few datagrams as hold it, so that none of it is lost or overtaken alone', async () => {
    front.begin('server');
    for (const sequence of [0, 1]) front.receive(message(sequence));
    for (const [type, length] of [[2, 80], [11, 600], [12, 150], [13, 30], [14, 0]] as const) front.sent(wholeMessage(type, type, Buffer.alloc(length)));
    await until('it is sent', () => out.length > 0);
    expect(out.map((datagram) => readRecords(datagram).length)).toEqual([5]);
    const before = out.length;
    await until('it is sent again', () => out.length > before);
    expect(readRecords(out[before] ?? Buffer.alloc(0))).toHaveLength(5);
  });

  it('puts no more into a datagram than every way carries', async () => {
    front.begin('server');
    for (const sequence of [0, 1]) front.receive(message(sequence));
    for (const sequence of [0, 1, 2]) front.sent(wholeMessage(CERTIFICATE, sequence, Buffer.alloc(500, sequence)));
    await until('it is sent', () => out.length > 1);
    expect(out.slice(0, 2).map((datagram) => datagram.length)).toEqual([1050, 525]);
    expect(numbersOf(out.slice(0, 2))).toEqual([0, 1, 2]);
  });

  it('answers who says something again with its last flight, encrypted records under new numbers too', async () => {
    front.begin('server');
    for (const sequence of [0, 1, 2, 3, 4]) front.receive(message(sequence));
    front.receive(sealed(0));
    front.sent(Buffer.from([20, 254, 253, 0, 0, 0, 0, 0, 0, 0, 7, 0, 1, 1]));
    front.sent(sealed(6));
    front.finish();
    await until('it is sent', () => out.length > 0);
    const before = out.length;
    await until('the far end asks again', () => {
      front.receive(sealed(1));
      return out.length > before;
    });
    expect(numbersOf(out.slice(before))).toEqual([1, 7]);
  });

  describe('failure: what a far end should not send', () => {
    it('never hands a hello to an association that stands', () => {
      front.begin('server');
      for (const sequence of [0, 1, 2, 3, 4]) front.receive(message(sequence));
      front.receive(sealed(0));
      front.finish();
      const before = delivered.length;
      for (const sequence of [0, 1, 5]) front.receive(wholeMessage(CLIENT_HELLO, sequence, Buffer.alloc(99, 7)));
      expect(delivered).toHaveLength(before);
    });

    it.each<[string, Buffer]>([
      ['a piece beyond its message', piece(0, 0, 120).fill(255, 19, 22)],
      ['a message of 16 MB', piece(0, 0, 30).fill(255, 14, 17)],
      ['a message far ahead', wholeMessage(CLIENT_HELLO, 4000, Buffer.alloc(9))],
      ['a record that breaks off', message(0).subarray(0, 40)],
      ['a fragment that breaks off', Buffer.from([22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 1, 0, 0, 0])],
      ['nothing', Buffer.alloc(0)],
    ])('bears %s, and is set up all the same', (_what, datagram) => {
      front.begin('server');
      front.receive(datagram);
      expect(delivered).toEqual([]);
      for (const sequence of [0, 1, 2, 3, 4]) front.receive(message(sequence));
      expect(deliveredInClear()).toEqual(everything);
    });

    it('bears any datagram', () => {
      front.begin('server');
      fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        front.receive(Buffer.from(bytes));
        front.receive(Buffer.concat([Buffer.from([22, 254, 253, 0, 0]), Buffer.from(bytes)]));
      }));
      expect(out).toEqual([]);
    });

    it('hands over nothing that proves nothing, and nothing after it', () => {
      front.begin('server');
      for (const sequence of [0, 1]) front.receive(message(sequence));
      front.receive(wholeMessage(CERTIFICATE, 2, forged));
      for (const sequence of [2, 3, 4]) front.receive(message(sequence));
      front.receive(sealed(0));
      expect(failures).toEqual(['forged']);
      expect(delivered).toHaveLength(2);
    });

    it.each([true, false])('takes no Finished of another handshake, come early: %s', (isEarly) => {
      front.begin('server');
      if (isEarly) front.receive(sealed(FORGED_NUMBER));
      for (const sequence of [0, 1, 2, 3, 4]) front.receive(message(sequence));
      if (!isEarly) front.receive(sealed(FORGED_NUMBER));
      front.receive(sealed(0));
      expect(failures).toEqual(['another handshake than ours']);
      expect(delivered).toHaveLength(5);
    });

    it('leaves out a record that was not sealed by the far end, and goes on', () => {
      front.begin('server');
      for (const sequence of [0, 1, 2, 3, 4]) front.receive(message(sequence));
      front.receive(sealed(FOREIGN_NUMBER));
      front.receive(sealed(0));
      expect(failures).toEqual([]);
      expect(delivered.at(-1)?.equals(sealed(0))).toBe(true);
    });

    it('is over when it is closed', async () => {
      front.begin('server');
      front.receive(message(0));
      front.sent(serverMessage(3, 0));
      await until('it is sent', () => out.length > 0);
      front.close();
      front.receive(message(1));
      front.pathFound();
      expect([delivered.length, out.length]).toEqual([1, 1]);
    });
  });
});
