import { join } from 'node:path';
import { requireNode } from './node-version.ts';
import { ROOT, step } from './run.ts';

requireNode();

/** TypeScript's native compiler, a tenth of the time of the one in JavaScript. Both packages bring a `tsc`, so it is named by its path. */
const native = join(ROOT, 'node_modules/typescript-native/bin/tsc');

/** One tsconfig per runtime; what holds .vue files needs vue-tsc, which is built on the compiler in JavaScript. */
const PROJECTS = [
  ['contract', process.execPath, native],
  ['node', process.execPath, native],
  ['preload', process.execPath, native],
  ['test', process.execPath, native],
  ['renderer', 'vue-tsc'],
] as const;

let passed = true;
// One after the other: two compilers at once need more memory than a small machine has, and are no faster on it.
for (const [project, compiler, ...before] of PROJECTS) passed = (await step(`types: ${project}`, compiler, [...before, '-p', `tsconfig/${project}.json`])) && passed;
process.exit(passed ? 0 : 1);
