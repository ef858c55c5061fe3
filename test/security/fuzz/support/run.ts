import * as fc from 'fast-check';

/*
 * SANGDAM_FUZZ_RUNS=20000 SANGDAM_FUZZ_SEED=42 vitest run --project security test/security/fuzz
 */

/** However slow the machine: what a boundary is asked within this time is what it was asked. */
const LIMIT_MS = 4000;

const wholeNumber = (name: string): number | null => {
  const text = process.env[name];
  return text !== undefined && /^-?\d{1,10}$/.test(text) ? Number(text) : null;
};

/**
 * Tries a property `runs` times, or as often as SANGDAM_FUZZ_RUNS says; from a seed of its own, or that of
 * SANGDAM_FUZZ_SEED, which is printed before, lest the process does not live to tell.
 * @throws with the seed and the path to the smallest case that fails
 */
export function fuzz<Values>(what: string, runs: number, property: fc.IProperty<Values> | fc.IAsyncProperty<Values>): Promise<void> {
  const asked = wholeNumber('SANGDAM_FUZZ_RUNS');
  const seed = wholeNumber('SANGDAM_FUZZ_SEED') ?? Math.floor(Math.random() * 0x7fff_ffff);
  process.stdout.write(`fuzz ${what}: seed ${seed}\n`);
  return Promise.resolve(fc.assert(property, { numRuns: asked ?? runs, seed, ...(asked === null && { interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: false }) }));
}
