import { describe, expect, it } from 'vitest';
import { closingLine, failures, suiteLine, sum, tally } from '../../../scripts/test-report.ts';

const file = (...statuses: string[]) => ({ status: statuses.includes('failed') ? 'failed' : 'passed', assertionResults: statuses.map((status) => ({ status })) });
const report = (...files: ReturnType<typeof file>[]) => {
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  return { numPassedTests: tests.filter(({ status }) => status === 'passed').length, numFailedTests: tests.filter(({ status }) => status === 'failed').length, testResults: files };
};

describe('the tally of a test run', () => {
  it('counts what passed and what failed', () => {
    expect(tally(report(file('passed', 'passed'), file('passed', 'failed')), 1)).toEqual({ passed: 3, failed: 1 });
  });

  it('is summed over suites into one line', () => {
    expect(closingLine(sum([{ passed: 3, failed: 1 }, { passed: 4, failed: 0 }]))).toBe('7 passed, 1 failed');
  });

  it('stands beside the time that the suite took', () => {
    expect(suiteLine('unit', { passed: 1382, failed: 0 }, 41_260)).toBe('unit         41.3 s  1382 passed, 0 failed');
  });
});

describe('what failed, said at the end', () => {
  it('is named by file and test, with the first line of why', () => {
    const tests = [{ status: 'passed', fullName: 'a desk rings', failureMessages: [] }, { status: 'failed', fullName: 'a desk answers', failureMessages: ['\u001b[31mError: not within 20000 ms\u001b[39m\n    at until'] }];
    const run = { numPassedTests: 1, numFailedTests: 1, testResults: [{ name: '/root/test/desk.test.ts', status: 'failed', message: '', assertionResults: tests }] };
    expect(failures(run, '/root')).toEqual(['test/desk.test.ts > a desk answers: Error: not within 20000 ms']);
  });

  it('is the file where none of its tests is to blame, and the run where there is no report', () => {
    const run = { numPassedTests: 1, numFailedTests: 0, testResults: [{ name: '/root/test/desk.test.ts', status: 'failed', message: 'SyntaxError: x', assertionResults: [] }] };
    expect(failures(run, '/root')).toEqual(['test/desk.test.ts: SyntaxError: x']);
    expect(failures(null, '/root')).toEqual(['the run ended without a report']);
  });
});

describe('failure: the tally of a test run', () => {
  it('counts a file that could not be loaded', () => {
    expect(tally({ ...report(file('passed')), testResults: [file('passed'), { status: 'failed', assertionResults: [] }] }, 1)).toEqual({ passed: 1, failed: 1 });
  });

  it('counts an error that no test is to blame for', () => {
    expect(tally(report(file('passed')), 1)).toEqual({ passed: 1, failed: 1 });
  });

  it('counts a run in which nothing ran', () => {
    expect(tally(report(), 0)).toEqual({ passed: 0, failed: 1 });
  });

  it('counts a report that is none', () => {
    for (const none of [null, 'x', {}, []]) expect(tally(none, 0)).toEqual({ passed: 0, failed: 1 });
  });
});
