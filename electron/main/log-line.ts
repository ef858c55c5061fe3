import { redact } from '../../agent/index.ts';

/** Keys whose value is never written, whatever it is. */
const SECRET_KEY = /password|token|secret|credential|authorization|cookie|nonce|^(?:key|response|sdp|number|phone|name|memo|note)$/i;
const MAX_DEPTH = 5;
/** Longer ones are no message but data. */
const MAX_TEXT = 2000;

export type Level = 'debug' | 'info' | 'warn' | 'error';

/**
 * One line of the desktop's log, JSON: when, how grave, what, and the fields, without secrets and phone numbers:
 * by what a key is called, and by what a text looks like.
 */
export function logLine(level: Level, fields: object, text: string, at: Date): string {
  return JSON.stringify({ time: at.toISOString(), level, text: clean(text, 0), ...(clean(fields, 0) as object) });
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redact(value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value);
  if (typeof value === 'bigint') return redact(String(value));
  if (typeof value !== 'object' || value === null) return typeof value === 'function' || typeof value === 'symbol' ? undefined : value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return { type: value.name, message: redact(value.message), stack: redact(value.stack ?? '') };
  if (ArrayBuffer.isView(value)) return '[bytes]';
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => clean(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, SECRET_KEY.test(key) ? '[redacted]' : clean(item, depth + 1)]));
}
