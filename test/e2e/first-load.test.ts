import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';

const BUILT = join(import.meta.dirname, '../../out/web');
const PAGE = 'renderer/index.html';
/** What the first sign-in of a browser may take over the wire, to the desk that is ready to be used. */
const MOST_BYTES = 300_000;

/** Bytes of a built file as it is sent: with brotli where that is worth it. */
async function sentBytes(path: string): Promise<number> {
  const file = join(BUILT, path);
  return (await stat(existsSync(`${file}.br`) ? `${file}.br` : file)).size;
}

describe('the first load of the web edition', () => {
  let cast: Cast;

  beforeAll(async () => {
    cast = await Cast.gather();
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  it('is small: the page of the sign-in and the desk behind it', async () => {
    const desk = await cast.visitor(1);
    const fetched = new Set<string>([PAGE]);
    desk.page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/assets/')) fetched.add(pathname);
    });
    await desk.page.reload();
    await desk.signIn('agent1');
    const sizes = await Promise.all([...fetched].map(async (path) => ({ path, bytes: await sentBytes(path) })));
    // It has seen what it is to measure.
    expect(sizes.map(({ path }) => path)).toEqual(expect.arrayContaining([PAGE, expect.stringMatching(/\/DeskPage-.*\.js$/), expect.stringMatching(/\.css$/)]));
    expect(sizes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(MOST_BYTES);
  });
});
