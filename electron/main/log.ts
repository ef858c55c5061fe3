import { pino } from 'pino';
import { redact, type Logger } from '../../agent/index.ts';

/** The desktop's log: one JSON line per lifecycle transition, without secrets and phone numbers. */
export function createLogger(file: string): Logger {
  return pino({ level: 'info', formatters: { log: (fields) => clean(fields) } }, pino.destination({ dest: file, mkdir: true, sync: false }));
}

const clean = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? redact(value) : value]));
