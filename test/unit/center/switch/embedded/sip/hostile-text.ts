import * as fc from 'fast-check';
import { torture } from '../../../../../support/sip-torture.ts';

/** A request with these header lines beside those it needs. */
export const requestWith = (lines: string[], method = 'INVITE', uri = 'sip:1001@127.0.0.1'): string =>
  [
    `${method} ${uri} SIP/2.0`, 'Via: SIP/2.0/WS raw.invalid;branch=z9hG4bKa', 'From: <sip:1001@127.0.0.1>;tag=a', 'To: <sip:1001@127.0.0.1>',
    'Call-ID: a', `CSeq: 1 ${method}`, 'Contact: <sip:1001@raw.invalid>', ...lines, 'Content-Length: 0', '', '',
  ].join('\r\n');

/** Texts of about `length` that made, or would make, a careless reader take time that grows with its square. */
export const SLOW: Readonly<Record<string, (length: number) => string>> = {
  'a digest of one endless name': (n) => `Digest ${'a'.repeat(n)}`,
  'a digest of names without values': (n) => `Digest ${'a '.repeat(n / 2)}`,
  'a digest of quotes': (n) => `Digest ${'a="'.repeat(n / 3)}`,
  'a digest of backslashes': (n) => `Digest a="${'\\'.repeat(n)}`,
  'a digest of commas': (n) => `Digest ${','.repeat(n)}`,
  'a value of spaces that breaks off': (n) => `${' '.repeat(n)}x\ny`,
  'a value of line feeds': (n) => '\n'.repeat(n),
  'open quotes': (n) => '"'.repeat(n),
  'open brackets': (n) => '<'.repeat(n),
  'shut brackets': (n) => '>'.repeat(n),
  'semicolons': (n) => ';'.repeat(n),
  'parameters': (n) => `<sip:a@b>${';a=b'.repeat(n / 4)}`,
  'tags without an equals sign': (n) => `<sip:a@b>${'; tag '.repeat(n / 6)}`,
  'addresses': (n) => Array.from({ length: n / 10 }, () => '<sip:a@b>').join(','),
  'words': (n) => 'a '.repeat(n / 2),
  'folded lines': (n) => 'a\r\n '.repeat(n / 4),
  'percent signs': (n) => `<sip:${'%'.repeat(n)}@b>`,
  'versions': (n) => ' SIP/2.0'.repeat(n / 8),
};

/** Texts near a SIP message: one of RFC 4475 or a plain one, with pieces of it taken out, repeated, swapped or replaced. */
export const nearlySip: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...torture('valid'), ...torture('invalid'), ...['INVITE', 'REGISTER', 'OPTIONS', 'ACK', 'CANCEL', 'BYE'].map((method): [string, string] => [method, requestWith([], method)])),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.nat({ max: 40 }),
        put: fc.oneof(fc.constantFrom('', '\r\n', '\r\n ', '"', '<', '>', ';', ',', ':', '=', '\0', '%', '\\', ' ', '\t', '\u{d800}', '::::', ';tag=', '@', 'z9hG4bK'), fc.string({ maxLength: 20, unit: 'binary' })),
        times: fc.constantFrom(1, 1, 1, 2, 50),
      }),
      { maxLength: 6 },
    ),
  )
  .map(([[, text], edits]) =>
    edits.reduce((edited, { at, length, put, times }) => {
      const start = Math.floor(at * edited.length);
      return edited.slice(0, start) + put.repeat(times) + edited.slice(start + length);
    }, text),
  );

const FACTOR = 16;
/** 16 times the length takes 16 times as long where time is linear, and 256 times where it is quadratic; between them is what else the machine does. */
const MOST = 64;
const TIMES = 10;

/** The least processor time of some runs of it, in microseconds: what else the machine does counts for nothing, and what else the process does only adds to it. */
function leastUs(act: () => unknown): number {
  let least = Infinity;
  for (let i = 0; i < 4; i++) {
    const from = process.cpuUsage();
    for (let k = 0; k < TIMES; k++) act();
    const { user, system } = process.cpuUsage(from);
    least = Math.min(least, user + system);
  }
  return Math.max(1, least);
}

/** Whether time grows with the length and not with its square, up to `length`. */
export function isLinear(act: (length: number) => unknown, length: number): boolean {
  act(length);
  return Array.from({ length: 3 }).some(() => leastUs(() => act(length)) < MOST * leastUs(() => act(length / FACTOR)));
}
