/*
 * docs/licenses.md: the packages that what we ship is built from or runs on, with their licences.
 *
 *   node scripts/licenses.ts             writes it
 *   node scripts/licenses.ts --check     fails when it is not what it would write
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { licenceList } from './licence-list.ts';
import { ROOT } from './run.ts';

const file = join(ROOT, 'docs/licenses.md');
const list = await licenceList();
if (!process.argv.includes('--check')) await writeFile(file, list);
else if ((await readFile(file, 'utf8')) !== list) {
  console.error('docs/licenses.md is out of date: run `node scripts/licenses.ts`.');
  process.exitCode = 1;
}
