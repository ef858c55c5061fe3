import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isFresh } from '../../../scripts/builds.ts';
import { hasDisplay } from '../../../scripts/desktop.ts';
import { temporaryFolder } from '../store/support.ts';

async function tree() {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'src/deep'), { recursive: true });
  for (const name of ['src/deep/a.ts', 'product.js']) await writeFile(join(folder, name), '');
  const at = (name: string, seconds: number) => utimes(join(folder, name), seconds, seconds);
  for (const name of ['src/deep/a.ts', 'src/deep', 'src']) await at(name, 1000);
  await at('product.js', 2000);
  return { folder, at, fresh: () => isFresh(join(folder, 'product.js'), [join(folder, 'src'), join(folder, 'missing')]) };
}

describe('a build', () => {
  it('is fresh while no source is newer', async () => {
    expect(await (await tree()).fresh()).toBe(true);
  });

  it('is due when a file deep down has changed', async () => {
    const { at, fresh } = await tree();
    await at('src/deep/a.ts', 3000);
    expect(await fresh()).toBe(false);
  });

  it('is due when a file has gone', async () => {
    const { folder, fresh } = await tree();
    await rm(join(folder, 'src/deep/a.ts'));
    expect(await fresh()).toBe(false);
  });

  it('is due when there is none', async () => {
    const { folder, fresh } = await tree();
    await rm(join(folder, 'product.js'));
    expect(await fresh()).toBe(false);
  });
});

describe('a window', () => {
  it('needs a display on Linux, and none to be named elsewhere', () => {
    expect(hasDisplay({}, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasDisplay({}, 'darwin')).toBe(true);
  });
});
