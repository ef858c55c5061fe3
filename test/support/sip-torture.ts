import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../fixtures/sip-torture');

/** The messages of RFC 4475 by name, as bytes: not all are text. */
export const tortureBytes = (folder: 'valid' | 'invalid'): [name: string, message: Buffer][] =>
  readdirSync(join(FOLDER, folder)).map((file) => [file.replace('.dat', ''), readFileSync(join(FOLDER, folder, file))]);

/** The same, read as UTF-8. */
export const torture = (folder: 'valid' | 'invalid'): [name: string, text: string][] => tortureBytes(folder).map(([name, message]) => [name, message.toString('utf8')]);
