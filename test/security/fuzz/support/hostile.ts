import * as fc from 'fast-check';

/** Text of strangers: what splits headers, reorders what is read, reaches prototypes, opens markup, queries and paths. */
const KNOWN_TEXTS = [
  '',
  ' ',
  '\0',
  '\r\nX-Evil: 1',
  '\u202e001',
  '\ud800',
  '\ufeff',
  '<img src=x onerror=alert(1)>',
  "' OR 1=1 --",
  '../../etc/passwd',
  '%2e%2e%2f',
  '__proto__',
  'constructor',
  '=1+1',
  '${7*7}',
  ';phone-context=evil',
  'sip:1@evil.example;lr',
  '１０１',
  'ㅋ'.repeat(90),
  '9'.repeat(41),
  'A'.repeat(5000),
];

export const hostileText = (): fc.Arbitrary<string> => fc.oneof(fc.constantFrom(...KNOWN_TEXTS), fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 80 }));

const hostileNumber = (): fc.Arbitrary<number> => fc.oneof(fc.constantFrom(-1, 0, -0, 1e9, Infinity, Number.NaN, -Infinity, Number.MAX_SAFE_INTEGER + 2, 0.1), fc.double());

function nested(depth: number): unknown {
  let value: unknown = null;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** An object whose own key is `__proto__`, as JSON.parse makes it. */
const poisoned = (): unknown => JSON.parse('{"__proto__":{"role":"admin"},"constructor":{"prototype":{"role":"admin"}}}') as unknown;

/** Any value that may come over a wire as JSON or as an argument, and a few that may not. */
export const hostileValue = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    hostileText(),
    hostileNumber(),
    fc.constantFrom<unknown>(null, undefined, true, false, [], {}, [[]]),
    fc.constantFrom(17, 100, 2000).map(nested),
    fc.constant(null).map(poisoned),
    fc.bigInt(),
    fc.constant(() => 1),
    fc.array(fc.integer(), { minLength: 200, maxLength: 400 }),
    fc.anything({ maxDepth: 3, withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true }),
  );

/** A value as it goes over a wire; half an object where it cannot. */
export function json(value: unknown): string {
  try {
    // In a list, what JSON has no word for is null.
    return JSON.stringify([value]).slice(1, -1);
  } catch {
    return '{"a":';
  }
}
