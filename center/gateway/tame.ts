/** Deeper than anything the contract knows, shallower than anything that hurts. */
const MAX_DEPTH = 16;
const MAX_VALUES = 20_000;
const HALF = 'text with half of a character';
const HARMFUL_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * What is wrong with a value from outside before any schema looks at it, or null: nested too deep, too large,
 * not plain JSON, a number that is none (1e309 parses to Infinity), text with half of a character (a lone surrogate, which
 * no file and no other program can keep), or a key that could reach a prototype.
 */
export function harmIn(value: unknown): string | null {
  let level: unknown[] = [value];
  let seen = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return `nested deeper than ${MAX_DEPTH}`;
    seen += level.length;
    if (seen > MAX_VALUES) return `more than ${MAX_VALUES} values`;
    const next: unknown[] = [];
    for (const one of level) {
      const harm = harmOf(one, next);
      if (harm !== null) return harm;
    }
    level = next;
  }
  return null;
}

function harmOf(value: unknown, inside: unknown[]): string | null {
  if (value === null || value === undefined || typeof value === 'boolean') return null;
  if (typeof value === 'string') return value.isWellFormed() ? null : HALF;
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'a number that is not finite';
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (Array.isArray(value)) {
    for (const item of value) inside.push(item);
    return null;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return 'not plain JSON';
  for (const [key, item] of Object.entries(value)) {
    if (HARMFUL_KEYS.has(key)) return `the key ${key}`;
    if (!key.isWellFormed()) return HALF;
    inside.push(item);
  }
  return null;
}
