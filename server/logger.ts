import { pino, type DestinationStream, type Logger } from 'pino';
import { REDACTED, redact, redactText } from './redaction.ts';

export type { Logger };

const SECRET_BINDINGS = ['password', 'token', 'accessToken', 'refreshToken', 'authorization', 'number', 'e164'];

const isFields = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The process's log: JSON lines, from which tokens, passwords and phone numbers have been taken. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    formatters: {
      log: (fields: Record<string, unknown>): Record<string, unknown> => {
        const clean = redact(fields);
        return isFields(clean) ? clean : {};
      },
    },
    // A child's bindings do not pass the formatter.
    redact: { paths: SECRET_BINDINGS, censor: REDACTED },
    // Errors have been turned into fields by then.
    serializers: { err: (value: unknown) => value },
    hooks: {
      logMethod(this: Logger, args: Parameters<Logger['info']>, method: (this: Logger, ...all: Parameters<Logger['info']>) => void) {
        const clean = args.map((arg: unknown) => (typeof arg === 'string' ? redactText(arg) : arg));
        method.apply(this, clean as Parameters<Logger['info']>);
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
