import { Worker } from 'node:worker_threads';
import type { FromBrowser, PageCommand, PageEvents, PageRequest, RequestAnswer, ToBrowser } from './browser-messages.ts';

/** A page of Chromium, driven by the other thread. */
export interface BrowserPage {
  readonly targetId: string;
  command(command: PageCommand): Promise<unknown>;
}

type Ask = Extract<ToBrowser, { type: 'ask' }>['ask'];

let worker: Worker | null = null;
let ids = 0;
let pages = 0;
const asked = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
const listeners = new Map<number, PageEvents>();
let decide: (request: PageRequest, contents: PageEvents | null) => Promise<RequestAnswer> = () => Promise.resolve({ do: 'continue' });

/** Starts the one Chromium whose pages are the windows. @param onRequest decides about each request of a page @returns its debugging port */
export async function startBrowser(onRequest: typeof decide): Promise<number> {
  decide = onRequest;
  worker = new Worker(new URL('./browser-thread.ts', import.meta.url), { argv: process.argv.slice(2) });
  worker.on('message', heard);
  return Number(await ask({ do: 'start' }));
}

export const stopBrowser = (): Promise<unknown> => ask({ do: 'stop' });

/** Grants an origin these permissions of Chromium's, and no other. */
export const grantPermissions = (origin: string, permissions: string[]): Promise<unknown> => ask({ do: 'grant', origin, permissions });

export async function openPage(preload: string | null, events: PageEvents): Promise<BrowserPage> {
  const page = pages++;
  listeners.set(page, events);
  const targetId = String(await ask({ do: 'open', page, preload }));
  return { targetId, command: (command) => ask({ do: 'page', page, command }) };
}

function ask(what: Ask): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const id = ids++;
    asked.set(id, { resolve, reject });
    tell({ type: 'ask', id, ask: what });
  });
}

const tell = (message: ToBrowser): void => worker?.postMessage(message, []);

function heard(message: FromBrowser): void {
  switch (message.type) {
    case 'answered': {
      const { resolve, reject } = asked.get(message.id) ?? {};
      asked.delete(message.id);
      if (message.ok) resolve?.(message.value);
      else reject?.(new Error(String(message.value)));
      return;
    }
    case 'event': {
      const { name, args } = message.event;
      // A name and the arguments of that very name.
      (listeners.get(message.page)?.[name] as ((...given: unknown[]) => void) | undefined)?.(...args);
      if (name === 'closed') listeners.delete(message.page);
      return;
    }
    case 'request': {
      const { id, request } = message;
      void decide(request, request.page === null ? null : (listeners.get(request.page) ?? null)).then(
        (answer) => tell({ type: 'answer', id, answer }),
        () => tell({ type: 'answer', id, answer: { do: 'abort' } }),
      );
      return;
    }
    default:
      message satisfies never;
  }
}
