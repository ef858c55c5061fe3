import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireNode } from '../scripts/node-version.ts';
import type { Benchmark, BenchRow } from './bench.ts';

requireNode();

/*
 * npm run bench                          all benchmarks
 * npm run bench -- cti cache             those
 * npm run bench -- --json FILE           writes the rows, too
 */

const { names, json } = readArguments(process.argv.slice(2));
const benchmarks = await discover();
const unknown = names.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  console.error(`No benchmark ${unknown.join(', ')}: there are ${benchmarks.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const rows: BenchRow[] = [];
let broken = false;
for (const { name, run } of benchmarks.filter((benchmark) => names.length === 0 || names.includes(benchmark.name))) {
  console.log(`\n${name} …`);
  try {
    const measured = await run();
    rows.push(...measured);
    print(measured);
  } catch (error) {
    broken = true;
    console.error(`${name} could not be measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  // Written after each, so that a long run that is cut short has something to show.
  if (json !== null) await writeFile(json, `${JSON.stringify(rows, null, 2)}\n`);
}
process.exit(broken || rows.some(({ met }) => met === false) ? 1 : 0);

function readArguments(args: readonly string[]): { names: string[]; json: string | null } {
  const at = args.indexOf('--json');
  const file = at === -1 ? null : args[at + 1];
  if (file === undefined) {
    console.error('--json needs a file');
    process.exit(2);
  }
  return { names: args.filter((_, index) => at === -1 || (index !== at && index !== at + 1)), json: file };
}

/** Every file here that exports a `benchmark`; the others are their helpers, and are not even loaded: some do work at import. */
async function discover(): Promise<Benchmark[]> {
  const found: Benchmark[] = [];
  for (const file of (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.ts')).toSorted()) {
    const path = join(import.meta.dirname, file);
    if (!/^export const benchmark\b/m.test(await readFile(path, 'utf8'))) continue;
    const module: { benchmark: Benchmark } = await import(path);
    found.push(module.benchmark);
  }
  return found;
}

function print(measured: readonly BenchRow[]): void {
  const figure = (value: number | null): string => (value === null ? '–' : value.toLocaleString('en', { maximumFractionDigits: 3 }));
  for (const { name, value, unit, reference, referenceValue, ratio, bar, met } of measured) {
    const verdict = met === null ? '' : met ? '  ✓' : '  ✗';
    console.log(`  ${name}: ${figure(value)} ${unit}${bar === null ? '' : `  (bar ${bar})`}${verdict}`);
    console.log(`    against ${figure(referenceValue)}: ${reference}${ratio === null ? '' : ` — ratio ${figure(ratio)}`}`);
  }
}
