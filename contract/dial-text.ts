import { fail, ok, type Result } from './errors.ts';
import { MAX_DIAL_TEXT, plainText } from './number-text.ts';
import { dialStringOf, parseDialString, type DialTarget } from './phone-number.ts';

/** Whom a text calls, and what is pressed once they have answered, one group of keys after the other. */
export interface Dialling {
  target: DialTarget;
  keys: string[];
}

const MOST_GROUPS = 5;
const KEYS = /^[\d*#]{1,32}$/;
/** `,,101#`, `p101`, `w101` behind the number: pauses as telephones write them. A list in prose has a space there. */
const PAUSES = /^([^,]*?\d) ?(?:[,pw]+|;(?=[\d*#]))([\d*#][\d*#,;pw]*)$/i;
/** `ext. 101`, `x101`, `(내선 101)`. */
const EXTENSION = /^(.*?\d[)\] ]*?)[ ,(]*(?:ext(?:ension)?\.?|x|내선(?:번호)?)[ :.]*(\d{1,8})\)?$/i;
/** RFC 3966 §3: `;name=value`, and RFC 2806's `;postd=pp101`. */
const PARAMETERS = /^([^;]*)((?:;[a-z][a-z\d-]*(?:=[^;]*)?)+)$/i;

/**
 * Whom a typed, copied or clicked text calls: `02-123-4567`, `02-123-4567,,101#`, `tel:+82-2-123-4567;ext=101`,
 * `02-123-4567 (내선 101)`. The keys are for a person to send: nothing is pressed by itself.
 * @returns `number.invalid` for what is no number, or has something behind it that is no key
 */
export function parseDialText(text: string): Result<Dialling> {
  if (text.length > MAX_DIAL_TEXT) return fail('number.invalid', 'too long');
  const plain = plainText(text).trim().replace(/^(?:tel|callto):(?:\/\/)?/i, '');
  const parts = splitParameters(plain) ?? splitWords(plain);
  if (parts === null) return fail('number.invalid', 'a number with parameters that say where it holds, or what is no key');
  const target = parseDialString(parts.number);
  return target.ok ? ok({ target: target.value, keys: parts.keys }) : target;
}

/** One text again of both, which `parseDialText` reads. */
export const dialTextOf = ({ target, keys }: Dialling): string => [dialStringOf(target), ...keys].join(',');

interface Parts {
  number: string;
  keys: string[];
}

function splitWords(text: string): Parts | null {
  const [, number, after] = PAUSES.exec(text) ?? EXTENSION.exec(text) ?? [];
  return number === undefined || after === undefined ? { number: text, keys: [] } : withKeys(number, after);
}

function withKeys(number: string, after: string): Parts | null {
  const keys = after.split(/[,;pw\s-]+/i).filter((group) => group !== '');
  return keys.length <= MOST_GROUPS && keys.every((group) => KEYS.test(group)) ? { number, keys } : null;
}

/** Null for what has no parameters. A number of another numbering plan than the country's, or of a private one, is none. */
function splitParameters(text: string): Parts | null {
  const [, number = '', written = ''] = PARAMETERS.exec(text) ?? [];
  if (written === '') return null;
  const parameters = written.slice(1).split(';').map((each): [string, string] => [each.replace(/=.*$/, '').toLowerCase(), each.replace(/^[^=]*=?/, '')]);
  const value = (name: string): string => parameters.find(([each]) => each === name)?.[1] ?? '';
  const context = value('phone-context');
  // +82 is what a number without one has anyway; `+` and other codes stand before it.
  const global = context === '' || context === '+82' ? number : /^\+\d{1,7}$/.test(context) ? context + number : '';
  return withKeys(global, value('ext') || value('postd'));
}
