import { fork } from 'node:child_process';
import { join } from 'node:path';
import { readCommandLine, USAGE } from '../server/command-line.ts';
import { readOwnSettings } from '../server/settings.ts';
import { buildWeb } from './builds.ts';
import { requireNode } from './node-version.ts';
import { ROOT, endWithNpm, endWithUs } from './run.ts';

/* A company's own center: what it needs is built, and it runs until it is told to stop. No demo, no window. */

requireNode();
const asked = readCommandLine(process.argv.slice(2));
if (!asked.ok || asked.value === 'help') {
  console.log(asked.ok ? USAGE : asked.error.message);
  process.exit(asked.ok ? 0 : 2);
}
// A wrong setting is told before anything is built.
const settings = readOwnSettings(process.env);
if (!settings.ok) {
  console.error(`Cannot start: ${settings.error.message}`);
  process.exit(2);
}
endWithNpm();
if (!(await buildWeb({ force: false }))) process.exit(1);

const server = fork(join(ROOT, 'server/main.ts'), ['--serve'], { cwd: ROOT, stdio: 'inherit' });
endWithUs(server);
server.once('exit', (code) => process.exit(code ?? 1));
