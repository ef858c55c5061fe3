import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from './browser-install.ts';
import { buildDesktop, buildWeb } from './builds.ts';
import { desktopCarrier } from './desktop.ts';
import { requireNode } from './node-version.ts';
import { run } from './run.ts';
import { closingLine, failures, suiteLine, sum, tally, type Tally } from './test-report.ts';

requireNode();

/*
 * npm test                               all suites that run on any machine
 * npm test -- --all                      and those that need more: a real Asterisk
 * node scripts/test.ts electron calls    that suite, of it the files with this in their path
 */

/** Suites in the order of their speed; one after the other, for those after the first measure sound. */
const SUITES = ['unit', 'switch', 'faults', 'security', 'electron', 'e2e'];
/** Only when asked for: needs a real Asterisk, so Debian and root, and says so where it has none. */
const ON_DEMAND = ['asterisk'];

const asked = process.argv.slice(2);
const named = [...SUITES, ...ON_DEMAND].filter((suite) => asked.includes(suite));
const suites = asked.includes('--all') ? [...SUITES, ...ON_DEMAND] : named.length > 0 ? named : SUITES;
const filters = asked.filter((word) => !named.includes(word) && word !== '--all');

const browser = await ensureBrowser();
const built = (await buildWeb({ force: false })) && (await buildDesktop({ force: false }));
const tallies: Tally[] = built && browser !== null ? [] : [{ passed: 0, failed: 1 }];
const lines: string[] = [];
/** Said again at the end: what a suite prints of them may be far above by then. */
const failed: string[] = [];
if (built && browser !== null) {
  for (const suite of suites) {
    const from = performance.now();
    const result = await runSuite(suite, browser);
    tallies.push(result);
    lines.push(suiteLine(suite, result, performance.now() - from));
  }
}
console.log(`\n${[...failed, ...lines].join('\n')}\n`);
const total = sum(tallies);
console.log(closingLine(total));
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

async function runSuite(suite: string, browserPath: string): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'sangdam-test-'));
  const file = join(folder, 'report.json');
  console.log(`\n— ${suite}${suite === 'electron' ? `, on ${desktopCarrier()}` : ''} —`);
  try {
    const { code } = await run('vitest', ['run', '--project', suite, ...filters, '--reporter', 'default', '--reporter', 'json', `--outputFile.json=${file}`], { env: { SANGDAM_BROWSER: browserPath } });
    const report: unknown = JSON.parse(await readFile(file, 'utf8').catch(() => 'null'));
    const result = tally(report, code);
    if (result.failed > 0) failed.push(...failures(report, join(import.meta.dirname, '..')));
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
