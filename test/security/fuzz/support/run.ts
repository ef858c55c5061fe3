import fc from 'fast-check';

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
 * How a property is run: `runs` times, or as often as SANGDAM_FUZZ_RUNS says; from a seed of its own, or that of
 * SANGDAM_FUZZ_SEED. A failure names its seed and the path to the smallest case.
 */
export function fuzzing(what: string, runs: number): fc.Parameters<unknown> {
  const asked = wholeNumber('SANGDAM_FUZZ_RUNS');
  const seed = wholeNumber('SANGDAM_FUZZ_SEED') ?? Math.floor(Math.random() * 0x7fff_ffff);
  console.log(`fuzz ${what}: seed ${seed}`);
  return { numRuns: asked ?? runs, seed, ...(asked === null && { interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: false }) };
}
