/** Keys whose value is never written, whatever it is. */
const SECRET_KEYS = /^(?:password|passwordhash|token|accesstoken|refreshtoken|authorization|cookie|secret|signingkey|credential|sippassword|nonce|response)$/i;
export const REDACTED = '[redacted]';

/** A JWT, wherever it stands. */
const JWT = /\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g;
const BEARER = /\bBearer\s+[\w.~+/-]+=*/gi;
/** E.164, and Korean numbers as people write them. Extensions and times are shorter or have no leading 0 or plus. */
const PHONE = /\+\d[\d-]{6,18}\d|\b0\d{1,3}-?\d{3,4}-?\d{4}\b|\b1[568]\d{2}-\d{4}\b/g;
const MAX_DEPTH = 6;

/** A text without tokens and with phone numbers cut to their last two digits. */
export const redactText = (text: string): string =>
  text
    .replace(JWT, REDACTED)
    .replace(BEARER, `Bearer ${REDACTED}`)
    .replace(PHONE, (number) => `…${number.slice(-2)}`);

/** A log line's fields without secrets: by key, and by what a text looks like. Errors become their type, text and stack. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Error) {
    const cause = value.cause === undefined ? {} : { cause: redact(value.cause, depth + 1) };
    return { type: value.name, message: redactText(value.message), stack: redactText(value.stack ?? ''), ...cause };
  }
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, SECRET_KEYS.test(key) ? REDACTED : redact(item, depth + 1)]));
}
