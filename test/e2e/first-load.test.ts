import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast/index.ts';
import type { Desk } from '../support/cast/desk.ts';

/** What the first sign-in of a browser may take over the wire, to the desk that is ready to be used. */
const MOST_BYTES = 300_000;

interface Fetched {
  path: string;
  /** As Chromium counts them at the socket: head and compressed body. */
  bytes: number;
}

/** What the page fetches from now on, with nothing from the browser's cache. */
async function watchWire({ page }: Desk): Promise<{ fetched: Fetched[] }> {
  const wire = await page.context().newCDPSession(page);
  const paths = new Map<string, string>();
  const fetched: Fetched[] = [];
  wire.on('Network.responseReceived', ({ requestId, response }) => void paths.set(requestId, new URL(response.url).pathname));
  wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => void fetched.push({ path: paths.get(requestId) ?? '', bytes: encodedDataLength }));
  await wire.send('Network.enable');
  await wire.send('Network.setCacheDisabled', { cacheDisabled: true });
  return { fetched };
}

describe('the first load of the web edition', () => {
  let cast: Cast;

  beforeAll(async () => {
    cast = await Cast.gather();
  });
  afterEach(() => cast.isWell());
  afterAll(() => cast?.dismiss());

  it('is small, and the sign-in stands before anything of the desk is fetched', async () => {
    const desk = await cast.visitor(1);
    const { fetched } = await watchWire(desk);
    await desk.page.reload({ waitUntil: 'networkidle' });
    const ofSignIn = fetched.map(({ path }) => path);
    expect(ofSignIn).toEqual(expect.arrayContaining(['/', expect.stringMatching(/\/start-.*\.js$/), expect.stringMatching(/\.css$/)]));
    expect(ofSignIn.filter((path) => /DeskPage|Workplace|phone-number/.test(path))).toEqual([]);
    await desk.signIn('agent1');
    await desk.page.waitForLoadState('networkidle');
    // It has seen what it is to measure.
    expect(fetched.map(({ path }) => path)).toEqual(expect.arrayContaining([expect.stringMatching(/\/DeskPage-.*\.js$/), expect.stringMatching(/\/phone-number-.*\.js$/)]));
    expect(fetched.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(MOST_BYTES);
  });
});
