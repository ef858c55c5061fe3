import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { until } from '../support/until.ts';
import { Program } from './support/program.ts';

const Health = z.object({ ok: z.boolean(), workerTrouble: z.string().optional() });
const healthOf = async (program: Program) => Health.parse(await (await fetch(`${program.origin}/healthz`)).json());

/** Processes whose parent is this one, as the system lists them. */
async function childrenOf(pid: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(pids.map(async (one) => ({ one, parent: Number(/^\d+ \(.*\) \S (\d+)/s.exec(await readFile(`/proc/${one}/stat`, 'utf8').catch(() => ''))?.[1]) })));
  return parents.filter(({ parent }) => parent === pid).map(({ one }) => one);
}

const isAlive = async (pid: number): Promise<boolean> => !/^\d+ \(.*\) Z/s.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '0 () Z'));

it('the worker is started again when it is killed, while the center is well, and ends with a center that is killed', async () => {
  const program = await Program.start();
  const [first = 0] = await until('there is a worker', async () => { const found = await childrenOf(program.pid); return found.length === 1 ? found : null; });
  expect(await healthOf(program)).toEqual({ ok: true });
  process.kill(first, 'SIGKILL');
  expect(await until('its end is told', async () => (await healthOf(program)).workerTrouble)).toContain('SIGKILL');
  expect((await healthOf(program)).ok).toBe(true);
  const [second = 0] = await until('there is another', async () => { const found = (await childrenOf(program.pid)).filter((pid) => pid !== first); return found.length === 1 ? found : null; });
  await until('all is well again', async () => (await healthOf(program)).workerTrouble === undefined);
  await program.kill();
  await until('the worker is gone, too', async () => !(await isAlive(second)));
  await program.startAgain();
  expect((await healthOf(program)).ok).toBe(true);
}, 120_000);
