import { fork, spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { readCommandLine, USAGE } from '../server/command-line.ts';
import { buildDesktop, buildWeb } from './builds.ts';
import { fetchElectron, findElectron, hasDisplay, openInBrowser } from './desktop.ts';
import { requireNode } from './node-version.ts';
import { ROOT, endWithNpm, endWithUs } from './run.ts';

requireNode();
const asked = readCommandLine(process.argv.slice(2));
if (!asked.ok || asked.value === 'help') {
  console.log(asked.ok ? USAGE : asked.error.message);
  process.exit(asked.ok ? 0 : 2);
}
endWithNpm();

const Started = z.object({ origin: z.string() });

/** `npm start` shows a product, so it is the demo unless somebody says otherwise, or has a switch of their own. */
const environment: NodeJS.ProcessEnv = { SANGDAM_DEMO: process.env['SANGDAM_SWITCH'] === 'asterisk' ? '0' : '1', SANGDAM_LOG: 'warn', ...process.env };
const wantsWindow = environment['SANGDAM_OPEN'] !== '0' && hasDisplay(environment, process.platform);

if (!(await buildWeb({ force: false }))) process.exit(1);

const server = fork(join(ROOT, 'server/main.ts'), [], { cwd: ROOT, env: environment, stdio: 'inherit' });
endWithUs(server);
server.once('exit', (code) => process.exit(code ?? 1));
const origin = await new Promise<string>((resolve) => {
  server.on('message', (message) => {
    const started = Started.safeParse(message);
    if (started.success) resolve(started.data.origin);
  });
});

const electron = wantsWindow ? await desktop() : null;
console.log(welcome(origin, electron !== null));
if (electron !== null) runDesktop(electron);
else if (wantsWindow) openInBrowser(origin);

/** The desktop's executable, built and at hand; null: the web edition it is. */
async function desktop(): Promise<string | null> {
  const executable = findElectron() ?? (await fetchElectron());
  return executable !== null && (await buildDesktop({ force: false })) ? executable : null;
}

function runDesktop(executable: string): void {
  // Chromium's sandbox refuses to run as root.
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(executable, [...flags, ROOT], { cwd: ROOT, env: { ...environment, SANGDAM_SERVER: origin }, stdio: 'inherit' });
  child.once('error', () => openInBrowser(origin));
  // Closing the desktop ends what was started with it.
  child.once('exit', () => server.kill('SIGTERM'));
  endWithUs(child);
}

function welcome(address: string, withDesktop: boolean): string {
  const edition = withDesktop ? 'The desktop is opening.' : `${wantsWindow ? "Electron's binary cannot be had here" : 'No window is opened'}: use the web edition.`;
  const demo = `
  Sign in as        agent1 … agent8, supervisor or admin; password sangdam-demo
  Customers         c1 … c9 (password customer) call as 010-0000-0001 … 0009: dial 1588-0000, press 1 or 2
  Desk phones       1901 … 1905 (password desk-phone)`;
  return `
Sangdam is running. ${edition}

  Desk              ${address}/
  Wallboard         ${address}/wallboard
  Customer's phone  ${address}/customer
  SIP               ${address.replace(/^http/, 'ws')}/sip
${environment['SANGDAM_DEMO'] === '1' ? demo : ''}

Ctrl+C ends it.`;
}
