/** The part of pino's logger that the agent uses: fields first, then a line. */
export interface Logger {
  debug(fields: object, line: string): void;
  info(fields: object, line: string): void;
  warn(fields: object, line: string): void;
  error(fields: object, line: string): void;
  child(bindings: object): Logger;
}

const nothing = (): void => {};
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silentLogger };

const SECRETS: readonly [RegExp, string][] = [
  // SIP digests (RFC 3261 §22): the whole header.
  [/^((?:proxy-)?authorization|(?:www|proxy)-authenticate)\s*:.*$/gim, '$1: [redacted]'],
  [/\b(a=(?:ice-pwd|ice-ufrag|fingerprint|crypto):)\S.*$/gim, '$1[redacted]'],
  [/\bey[\w-]+\.[\w-]+\.[\w-]+/g, '[token]'],
  [/((?:password|token|secret)["']?\s*[:=]\s*["']?)[^"'\s,}]+/gi, '$1[redacted]'],
  // Phone numbers keep their last two digits, so that two lines of a log can still be told to concern one caller.
  [/\+?\d[\d-]{5,16}(\d{2})(?!\d)/g, '…$1'],
];

/** Text without tokens, SIP secrets and phone numbers, fit for a log. */
export const redact = (text: string): string => SECRETS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
