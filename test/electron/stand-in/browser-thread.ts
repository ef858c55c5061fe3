import { parentPort } from 'node:worker_threads';
import type { Page, Request, Route } from 'playwright';
import type { FromBrowser, PageCommand, PageEvents, RequestAnswer, ToBrowser } from './browser-messages.ts';
import { startChromium, stopChromium, theContext } from './chromium.ts';
import { PageHost } from './page-host.ts';

/*
 * The thread that drives Chromium: carries out what main's thread asks, and asks it about each request of a page.
 */

const hosts = new Map<number, PageHost>();
const numbers = new WeakMap<Page, number>();
const waiting = new Map<number, (answer: RequestAnswer) => void>();
let requests = 0;

const say = (message: FromBrowser): void => parentPort?.postMessage(message, []);

parentPort?.on('message', (message: ToBrowser) => {
  if (message.type === 'answer') {
    waiting.get(message.id)?.(message.answer);
    waiting.delete(message.id);
    return;
  }
  const { id, ask } = message;
  void carryOut(ask).then(
    (value) => say({ type: 'answered', id, ok: true, value }),
    (error: unknown) => say({ type: 'answered', id, ok: false, value: String(error) }),
  );
});

async function carryOut(ask: Extract<ToBrowser, { type: 'ask' }>['ask']): Promise<unknown> {
  switch (ask.do) {
    case 'start': {
      const port = await startChromium();
      await theContext().route('**/*', (route) => answer(route).catch(() => route.abort().catch(() => {})));
      return port;
    }
    case 'stop':
      return stopChromium();
    case 'grant':
      return theContext().grantPermissions(ask.permissions, { origin: ask.origin });
    case 'open': {
      const host = await PageHost.open(ask.preload, eventsOf(ask.page), (page) => numbers.set(page, ask.page));
      hosts.set(ask.page, host);
      return host.targetId;
    }
    case 'page':
      return command(ask.page, ask.command);
    default:
      return ask satisfies never;
  }
}

async function command(number: number, asked: PageCommand): Promise<unknown> {
  const host = hosts.get(number);
  if (host === undefined) throw new Error('there is no such page');
  switch (asked.do) {
    case 'goto':
      await host.page.goto(asked.url, { waitUntil: 'load' });
      return null;
    case 'reload':
      await host.page.reload();
      return null;
    case 'evaluate':
      return host.page.evaluate(asked.code);
    case 'resize':
      return host.page.setViewportSize({ width: asked.width, height: asked.height });
    case 'deliver':
      return host.deliver(asked.message);
    case 'crash':
      return host.crash();
    case 'close':
      hosts.delete(number);
      return host.close();
    default:
      return asked satisfies never;
  }
}

function eventsOf(page: number): PageEvents {
  const tell =
    <Name extends keyof PageEvents>(name: Name) =>
    (...args: Parameters<PageEvents[Name]>): void =>
      // A name and the arguments of that very name.
      say({ type: 'event', page, event: { name, args } as Extract<FromBrowser, { type: 'event' }>['event'] });
  return { said: tell('said'), loaded: tell('loaded'), painted: tell('painted'), movedWithin: tell('movedWithin'), committed: tell('committed'), crashed: tell('crashed'), closed: tell('closed'), popup: tell('popup') };
}

async function answer(route: Route): Promise<void> {
  const request = route.request();
  const id = requests++;
  const decided = new Promise<RequestAnswer>((resolve) => waiting.set(id, resolve));
  const page = pageOf(request);
  const body = request.postDataBuffer();
  const isMainNavigation = page !== null && request.isNavigationRequest() && request.frame().parentFrame() === null;
  say({ type: 'request', id, request: { page: page === null ? null : (numbers.get(page) ?? null), url: request.url(), method: request.method(), headers: await request.allHeaders(), body: body === null ? null : new Uint8Array(body), isMainNavigation } });
  const what = await decided;
  switch (what.do) {
    case 'abort':
      // As Chromium does for a navigation that was refused: the document stays.
      return route.abort('aborted');
    case 'continue':
      return route.continue();
    case 'fulfill':
      return route.fulfill({ status: what.status, headers: what.headers, body: Buffer.from(what.body) });
    default:
      return what satisfies never;
  }
}

/** Null for a popup that is just being closed: its frame is no more. */
function pageOf(request: Request): Page | null {
  try {
    return request.frame().page();
  } catch {
    return null;
  }
}
