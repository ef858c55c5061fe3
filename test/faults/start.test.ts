import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../unit/store/support.ts';
import { until } from '../support/until.ts';

const ROOT = join(import.meta.dirname, '../..');
const ADDRESS = /Desk\s+(http:\/\/127\.0\.0\.1:\d+)\//;

/** `npm start` as a person types it, without a window, on a free port. */
async function npmStart() {
  const npm = spawn('npm', ['start'], {
    cwd: ROOT,
    env: { ...process.env, SANGDAM_OPEN: '0', SANGDAM_PORT: '0', SANGDAM_DATA: await temporaryFolder() },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, to be cleared away whatever becomes of the test.
    detached: true,
  });
  // Every process it starts writes there, so it closes with the last of them.
  const everybodyGone = once(npm.stdout, 'close');
  onTestFinished(() => {
    try {
      if (npm.pid !== undefined) process.kill(-npm.pid, 'SIGKILL');
    } catch {
      // Nobody of the group is left, as it should be.
    }
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const origin = await until('npm start tells its address', () => ADDRESS.exec(output)?.[1] ?? null, 60_000);
  return { npm, everybodyGone, origin, output: () => output };
}

const answers = (origin: string): Promise<boolean> => fetch(`${origin}/healthz`).then(({ ok }) => ok, () => false);

describe('npm start', () => {
  it('shows the desk, the wallboard and the customer’s phone, and says which accounts there are', async () => {
    const { origin, output } = await npmStart();
    expect(await answers(origin)).toBe(true);
    for (const path of ['/', '/wallboard', '/customer']) {
      const response = await fetch(`${origin}${path}`);
      expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8']);
    }
    for (const said of [`${origin}/wallboard`, `${origin}/customer`, `${origin.replace('http', 'ws')}/sip`, 'agent1 … agent8', 'sangdam-demo', 'use the web edition']) expect(output()).toContain(said);
  });

  it('ends with everything it started on a SIGTERM that only npm gets', async () => {
    const { npm, everybodyGone, origin } = await npmStart();
    npm.kill('SIGTERM');
    await everybodyGone;
    expect(await answers(origin)).toBe(false);
  });
});
