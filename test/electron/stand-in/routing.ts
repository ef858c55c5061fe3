import type { Request, Route } from 'playwright-core';
import { theContext } from './chromium.ts';
import { answerScheme, toAppUrl } from './schemes.ts';
import { defaultSession } from './session.ts';
import { contentsOfPage } from './web-contents.ts';

/** Every request of every page passes here: navigations are asked about, our schemes answered by their handlers. */
export const startRouting = (): Promise<unknown> => theContext().route('**/*', (route) => answer(route).catch(() => route.abort().catch(() => {})));

async function answer(route: Route): Promise<void> {
  const request = route.request();
  const url = toAppUrl(request.url());
  if (isMainNavigation(request)) {
    const contents = contentsOfPage(request.frame().page());
    // As Chromium does for a navigation that was refused: the document stays.
    if (contents?.navigates(url) === false) return route.abort('aborted');
    await defaultSession.decideFor(url);
  }
  const body = request.postDataBuffer();
  const response = await answerScheme(url, { method: request.method(), headers: await request.allHeaders(), ...(body === null ? {} : { body: new Uint8Array(body) }) });
  if (response === null) return route.continue();
  await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()) });
}

function isMainNavigation(request: Request): boolean {
  try {
    return request.isNavigationRequest() && request.frame().parentFrame() === null;
  } catch {
    // The frame of a popup that is just being closed.
    return false;
  }
}
