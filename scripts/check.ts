import { requireNode } from './node-version.ts';
import { ROOT, step } from './run.ts';
import { join } from 'node:path';

requireNode();

const layers = ['contract', 'agent', 'electron', 'web', 'renderer', 'center', 'demo', 'server', 'worker'];

/** Two lanes, as long as each other, for two cores. Each shows all that is wrong with it, not only the first. */
const lanes: (() => Promise<boolean>)[][] = [
  [() => step('types', process.execPath, [join(ROOT, 'scripts/types.ts')])],
  [
    () => step('lint', 'oxlint', ['--type-aware', '--deny-warnings']),
    () => step('boundaries', 'depcruise', ['--config', '.dependency-cruiser.cjs', ...layers]),
    () => step('unit tests', 'vitest', ['run', '--project', 'unit']),
  ],
];

const results = await Promise.all(
  lanes.map(async (lane) => {
    let passed = true;
    for (const check of lane) passed = (await check()) && passed;
    return passed;
  }),
);
process.exit(results.every(Boolean) ? 0 : 1);
