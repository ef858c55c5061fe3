import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

/** As much of vitest's JSON report as decides whether we are good. */
const Report = z.object({
  numPassedTests: z.number().int(),
  numFailedTests: z.number().int(),
  testResults: z.array(
    z.object({
      name: z.string().default(''),
      message: z.string().default(''),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string().default(''), failureMessages: z.array(z.string()).nullish() })),
    }),
  ),
});

export interface Tally {
  passed: number;
  failed: number;
}

/**
 * What a test run came to. A file that could not even be loaded, a run that ended badly with no test to blame
 * (an error that nobody caught), a run without any test, and a report that is none count as one failure each.
 */
export function tally(report: unknown, exitCode: number): Tally {
  const parsed = Report.safeParse(report);
  if (!parsed.success) return { passed: 0, failed: 1 };
  const { numPassedTests: passed, numFailedTests, testResults } = parsed.data;
  const broken = testResults.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed')).length;
  const failed = numFailedTests + broken;
  if (failed === 0 && (exitCode !== 0 || passed === 0)) return { passed, failed: 1 };
  return { passed, failed };
}

/** A line for each test that failed and each file that could not be run: which, and the first line of why. */
export function failures(report: unknown, root: string): string[] {
  const parsed = Report.safeParse(report);
  if (!parsed.success) return ['the run ended without a report'];
  return parsed.data.testResults.flatMap(({ name, message, status, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === 'failed').map(({ fullName, failureMessages }) => `${file} > ${fullName}: ${firstLine(failureMessages?.[0])}`);
    return failed.length === 0 && status === 'failed' ? [`${file}: ${firstLine(message)}`] : failed;
  });
}

const firstLine = (text = ''): string => stripVTControlCharacters(text).split('\n', 1)[0] ?? '';

export const sum = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((total, { passed }) => total + passed, 0),
  failed: tallies.reduce((total, { failed }) => total + failed, 0),
});

/** The closing line, which other programs read. */
export const closingLine = ({ passed, failed }: Tally): string => `${passed} passed, ${failed} failed`;

/** What a suite came to, and what it cost. */
export const suiteLine = (suite: string, { passed, failed }: Tally, tookMs: number): string =>
  `${suite.padEnd(9)} ${(tookMs / 1000).toFixed(1).padStart(7)} s  ${closingLine({ passed, failed })}`;
