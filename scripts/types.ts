import { requireNode } from './node-version.ts';
import { step } from './run.ts';

requireNode();

/** One tsconfig per runtime; what holds .vue files needs vue-tsc. */
const PROJECTS = [
  ['contract', 'tsc'],
  ['node', 'tsc'],
  ['preload', 'tsc'],
  ['test', 'tsc'],
  ['renderer', 'vue-tsc'],
] as const;

let passed = true;
// One after the other: two compilers at once need more memory than a small machine has, and are no faster on it.
for (const [project, compiler] of PROJECTS) passed = (await step(`types: ${project}`, compiler, ['-p', `tsconfig/${project}.json`])) && passed;
process.exit(passed ? 0 : 1);
