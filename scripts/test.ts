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

/**
 * Suites after each other; those in one line side by side, a lane each. `unit` and `server` need all of the machine, and so do
 * the browsers of `e2e` and `electron`; `switch` weighs how even a sound is. A real Asterisk waits for most of its time, for calls to
 * ring: what needs no browser runs beside it.
 */
const STAGES: readonly (readonly (readonly string[])[])[] = [[['unit', 'server']], [['switch']], [['asterisk'], ['security', 'faults', 'postgres']], [['electron', 'e2e']]];
/** Only when asked for: needs a real Asterisk, so Debian and root, and says so where it has none. */
const ON_DEMAND = ['asterisk'];
const SUITES = STAGES.flat(2);

const asked = process.argv.slice(2);
const named = SUITES.filter((suite) => asked.includes(suite));
const wanted = asked.includes('--all') ? SUITES : named.length > 0 ? named : SUITES.filter((suite) => !ON_DEMAND.includes(suite));
const filters = asked.filter((word) => !named.includes(word) && word !== '--all');

const browser = await ensureBrowser();
const built = (await buildWeb({ force: false })) && (await buildDesktop({ force: false }));
const tallies: Tally[] = built && browser !== null ? [] : [{ passed: 0, failed: 1 }];
const lines: string[] = [];
/** Said again at the end: what a suite prints of them may be far above by then. */
const failed: string[] = [];
if (built && browser !== null) {
  for (const stage of STAGES) {
    const lanes = stage.map((lane) => lane.filter((suite) => wanted.includes(suite))).filter((lane) => lane.length > 0);
    // What two print at once nobody can read: each is shown when it is done.
    await Promise.all(lanes.map((lane) => runLane(lane, browser, lanes.length > 1 ? 'keep' : 'show')));
  }
}
console.log(`\n${[...failed, ...lines].join('\n')}\n`);
const total = sum(tallies);
console.log(closingLine(total));
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

async function runLane(lane: readonly string[], browserPath: string, output: 'show' | 'keep'): Promise<void> {
  for (const suite of lane) {
    const from = performance.now();
    const result = await runSuite(suite, browserPath, output);
    tallies.push(result);
    lines.push(suiteLine(suite, result, performance.now() - from));
  }
}

async function runSuite(suite: string, browserPath: string, output: 'show' | 'keep'): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'sangdam-test-'));
  const file = join(folder, 'report.json');
  const title = `\n— ${suite}${suite === 'electron' ? `, on ${desktopCarrier()}` : ''} —`;
  console.log(output === 'keep' ? `${title} begins` : title);
  try {
    const ran = await run('vitest', ['run', '--project', suite, ...filters, '--reporter', 'default', '--reporter', 'json', `--outputFile.json=${file}`], { output, env: { SANGDAM_BROWSER: browserPath } });
    if (output === 'keep') console.log(`${title}\n${ran.output}`);
    const report: unknown = JSON.parse(await readFile(file, 'utf8').catch(() => 'null'));
    const result = tally(report, ran.code);
    if (result.failed > 0) failed.push(...failures(report, join(import.meta.dirname, '..')));
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
