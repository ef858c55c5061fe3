import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findInstalledBrowser } from '../../../scripts/browser.ts';

describe('the search for a browser', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'browsers-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const program = async (name: string, mode = 0o755): Promise<string> => {
    const file = join(folder, name);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, '');
    await chmod(file, mode);
    return file;
  };

  it('takes the one the environment names before any on the search path', async () => {
    const chosen = await program('own/browser');
    await program('bin/chromium');
    expect(await findInstalledBrowser({ SANGDAM_BROWSER: chosen, PATH: join(folder, 'bin') })).toBe(chosen);
  });

  it('goes through the search path in order', async () => {
    const first = await program('one/google-chrome');
    await program('two/chromium');
    expect(await findInstalledBrowser({ PATH: [join(folder, 'one'), join(folder, 'two')].join(delimiter) })).toBe(first);
  });

  it('passes over a named browser that is not there', async () => {
    const onPath = await program('bin/chromium');
    expect(await findInstalledBrowser({ SANGDAM_BROWSER: join(folder, 'gone'), PATH: join(folder, 'bin') })).toBe(onPath);
  });
});
