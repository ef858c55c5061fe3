import { run } from './run.ts';

/** The registry's keys and attestations of some 700 packages, fetched anew. */
const PATIENCE_MS = 180_000;

/**
 * Asks the registry whether what is installed is what its publishers signed.
 * @returns null when it is; else why that is not known, or not so
 */
export async function signatureTrouble(): Promise<string | null> {
  const { code, output } = await run('npm', ['audit', 'signatures'], { output: 'keep', timeoutMs: PATIENCE_MS });
  return code === 0 ? null : output.trim() || 'the registry did not answer';
}
