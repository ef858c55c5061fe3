import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import log from 'electron-log/node.js';
import type { Logger } from '../../agent/index.ts';
import { logLine, type Level } from './log-line.ts';

/** A file that has grown to this is set aside; three of those are kept. */
const MAX_BYTES = 2 * 1024 * 1024;
const KEPT = 3;

export interface DesktopLog extends Logger {
  /** All lines that are kept, oldest first. */
  lines(): string[];
}

/** The desktop's log: a JSON line per lifecycle transition, without secrets and phone numbers, in files that rotate. */
export function createLogger(file: string, { maxBytes = MAX_BYTES } = {}): DesktopLog {
  const files = [file, ...Array.from({ length: KEPT }, (_, index) => `${file}.${index + 1}`)];
  const logger = log.create({ logId: file });
  const { transports } = logger;
  // Nobody reads a desktop's console; a file that cannot be written is no reason to look for one.
  for (const { console } of [transports, log.transports]) Object.assign(console, { level: false, writeFn: () => {} });
  Object.assign(transports.file, {
    level: 'debug',
    format: '{text}',
    maxSize: maxBytes,
    resolvePathFn: () => file,
    writeOptions: { flag: 'a', mode: 0o600, encoding: 'utf8' },
    archiveLogFn: () => rotate(files),
  });
  const write = (level: Level, bindings: object, fields: object, text: string): void => logger[level](logLine(level, { ...bindings, ...fields }, text, new Date()));
  const bound = (bindings: object): Logger => ({
    debug: () => {},
    info: (fields, text) => write('info', bindings, fields, text),
    warn: (fields, text) => write('warn', bindings, fields, text),
    error: (fields, text) => write('error', bindings, fields, text),
    child: (more) => bound({ ...bindings, ...more }),
  });
  return { ...bound({}), lines: () => files.toReversed().flatMap(linesOf) };
}

/** desktop.log becomes desktop.log.1, that .2, and so on; the oldest goes. */
function rotate(files: readonly string[]): void {
  try {
    for (const [index, to] of [...files.entries()].toReversed()) {
      const from = files[index - 1];
      if (from === undefined || !existsSync(from)) continue;
      rmSync(to, { force: true });
      renameSync(from, to);
    }
  } catch {
    // A file that another program holds: the log goes on in the one it has.
  }
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '');
  } catch {
    return [];
  }
}
