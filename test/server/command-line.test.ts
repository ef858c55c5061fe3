import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../server/command-line.ts';

/** The center's command with these arguments, to its end. */
async function run(...args: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'sangdam-command-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../server/main.ts'), ...args], { env: { ...process.env, SANGDAM_DATA: join(folder, 'data'), SANGDAM_PORT: '0' } });
  let [said, complained] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text));
  const [code] = await once(child, 'close');
  const made = await readdir(folder);
  await rm(folder, { recursive: true });
  return { code: Number(code), said, complained, made };
}

describe('the command of the center', () => {
  it('says how it is used, and starts nothing', async () => {
    expect(await run('--help')).toEqual({ code: 0, said: expect.stringContaining('SANGDAM_PORT'), complained: '', made: [] });
  });

  it('starts where it is told nothing', () => {
    expect([readCommandLine([]), readCommandLine(['-h'])]).toEqual([{ ok: true, value: 'start' }, { ok: true, value: 'help' }]);
  });

  it('failure: an argument that is none is named, and nothing is started', async () => {
    expect(await run('--port', '8080')).toEqual({ code: 2, said: '', complained: expect.stringContaining('--port'), made: [] });
    expect(readCommandLine(['start'])).toMatchObject({ ok: false, error: { code: 'input.invalid', message: expect.stringContaining('start') } });
  });
});
