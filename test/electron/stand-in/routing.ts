import type { PageEvents, PageRequest, RequestAnswer } from './browser-messages.ts';
import { answerScheme, toAppUrl } from './schemes.ts';
import { defaultSession } from './session.ts';
import { contentsOf } from './web-contents.ts';

/** Every request of every page is decided here: navigations are asked about, our schemes answered by their handlers. */
export async function decideRequest(request: PageRequest, page: PageEvents | null): Promise<RequestAnswer> {
  const url = toAppUrl(request.url);
  if (request.isMainNavigation) {
    if (page !== null && contentsOf(page)?.navigates(url) === false) return { do: 'abort' };
    await defaultSession.decideFor(url);
  }
  const { method, headers, body } = request;
  const response = await answerScheme(url, { method, headers, ...(body === null ? {} : { body: new Uint8Array(body) }) });
  if (response === null) return { do: 'continue' };
  return { do: 'fulfill', status: response.status, headers: Object.fromEntries(response.headers), body: new Uint8Array(await response.arrayBuffer()) };
}
