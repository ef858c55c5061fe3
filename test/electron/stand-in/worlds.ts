import type { Codec } from './clone.ts';

/*
 * The two JavaScript worlds of a page: the preload's (an isolated world of Chromium, as in Electron) and the page's
 * own. They share the DOM and nothing else; what the preload exposes crosses by events of the window, copied.
 * The functions here run in pages as their own source text: they may use nothing from outside their bodies.
 */

/** Name of the isolated world. */
export const PRELOAD_WORLD = 'preload';
/** The isolated world's way to main, and main's to it. */
export const TO_MAIN = 'standInToMain';
export const FROM_MAIN = 'standInFromMain';

/** What a page's preload says to main. */
export type ToMain = { type: 'invoke'; id: number; channel: string; args: string } | { type: 'send'; channel: string; args: string } | { type: 'open'; url: string; frameName: string };
/** What main says to a preload. */
export type FromMain = { type: 'message'; channel: string; args: string } | { type: 'reply'; id: number; ok: boolean; value: string };

/** One side of the way between the worlds: values with functions and promises in them, as contextBridge passes them. */
export interface WorldPort {
  wrap(value: unknown): unknown;
  unwrap(wrapped: unknown): unknown;
  post(message: object): void;
  on(type: string, listener: (message: Record<string, unknown>) => void): void;
}

export function createWorldPort(codec: Codec, own: string, other: string): WorldPort {
  type Wrapped = { kind: 'function' | 'promise'; id: number } | { kind: 'object'; entries: [string, Wrapped][] } | { kind: 'array'; items: Wrapped[] } | { kind: 'value'; text: string };
  const functions = new Map<number, (...args: unknown[]) => unknown>();
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  const listeners = new Map<string, (message: Record<string, unknown>) => void>();
  let ids = 0;
  let answered: { ok: boolean; value: unknown } | null = null;

  const isPlain = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
  const holdsLive = (value: unknown, seen = new Set<unknown>()): boolean => {
    if (typeof value === 'function' || value instanceof Promise) return true;
    if (seen.has(value) || (!isPlain(value) && !Array.isArray(value))) return false;
    seen.add(value);
    return Object.values(value).some((entry) => holdsLive(entry, seen));
  };
  const wrap = (value: unknown): Wrapped => {
    if (!holdsLive(value)) return { kind: 'value', text: codec.encode(value) };
    const id = ids++;
    if (typeof value === 'function') {
      functions.set(id, value as (...args: unknown[]) => unknown);
      return { kind: 'function', id };
    }
    if (value instanceof Promise) {
      void value.then(
        (result) => post({ type: 'settle', id, ok: true, value: wrap(result) }),
        (error: unknown) => post({ type: 'settle', id, ok: false, value: wrap(error) }),
      );
      return { kind: 'promise', id };
    }
    if (Array.isArray(value)) return { kind: 'array', items: value.map(wrap) };
    return { kind: 'object', entries: Object.entries(value as object).map(([key, entry]) => [key, wrap(entry)]) };
  };
  const unwrap = (wrapped: unknown): unknown => {
    const given = wrapped as Wrapped;
    switch (given.kind) {
      case 'value':
        return codec.decode(given.text);
      case 'array':
        return given.items.map(unwrap);
      case 'object':
        return Object.fromEntries(given.entries.map(([key, entry]) => [key, unwrap(entry)]));
      case 'promise':
        return new Promise((resolve, reject) => waiting.set(given.id, { resolve, reject }));
      case 'function':
        return (...args: unknown[]) => {
          answered = null;
          // Listeners of an event run before dispatchEvent returns: the answer is there by then.
          post({ type: 'call', id: given.id, args: args.map(wrap) });
          const answer = answered as { ok: boolean; value: unknown } | null;
          if (answer === null) throw new Error('the other world does not answer');
          const value = unwrap(answer.value);
          if (!answer.ok) throw value;
          return value;
        };
      default:
        return given satisfies never;
    }
  };
  const call = (id: number, args: unknown[]): { ok: boolean; value: Wrapped } => {
    try {
      return { ok: true, value: wrap(functions.get(id)?.(...args.map(unwrap))) };
    } catch (error) {
      return { ok: false, value: wrap(error) };
    }
  };
  const post = (message: object): void => void window.dispatchEvent(new CustomEvent(other, { detail: JSON.stringify(message) }));

  window.addEventListener(own, (event) => {
    const message = JSON.parse(String((event as CustomEvent).detail)) as Record<string, unknown>;
    if (message['type'] === 'call') post({ type: 'return', ...call(Number(message['id']), message['args'] as unknown[]) });
    else if (message['type'] === 'return') answered = { ok: message['ok'] === true, value: message['value'] };
    else if (message['type'] === 'settle') {
      const { resolve, reject } = waiting.get(Number(message['id'])) ?? {};
      waiting.delete(Number(message['id']));
      (message['ok'] === true ? resolve : reject)?.(unwrap(message['value']));
    } else listeners.get(String(message['type']))?.(message);
  });
  return { wrap, unwrap, post, on: (type, listener) => void listeners.set(type, listener) };
}

/** The page's world: what the preload exposes appears as frozen globals; window.open asks main and opens nothing. */
export function pageWorld(port: WorldPort): void {
  const freeze = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null && !(value instanceof Promise)) for (const entry of Object.values(value)) freeze(entry);
    return Object.freeze(value);
  };
  port.on('expose', ({ key, api }) => {
    Object.defineProperty(window, String(key), { value: freeze(port.unwrap(api)), writable: false, configurable: false, enumerable: true });
  });
  window.open = (url, frameName) => {
    port.post({ type: 'open', url: url === undefined ? 'about:blank' : new URL(String(url), document.baseURI).href, frameName: frameName ?? '' });
    return null;
  };
}

/** What a sandboxed preload can see: `require('electron')` and a little of `process`. */
export interface PreloadScope {
  require: (name: string) => unknown;
  process: object;
}

/** The preload's world: ipcRenderer over CDP, contextBridge over the port. Returns the scope of the preload script. */
export function preloadWorld(codec: Codec, port: WorldPort, names: { toMain: string; fromMain: string; platform: string; electron: string }): PreloadScope {
  type Listener = (event: object, ...args: unknown[]) => void;
  const world = globalThis as unknown as Record<string, unknown>;
  const say = (message: ToMain): void => (world[names.toMain] as (text: string) => void)(JSON.stringify(message));
  const listeners = new Map<string, Listener[]>();
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let ids = 0;

  world[names.fromMain] = (text: string): void => {
    const message = JSON.parse(text) as FromMain;
    if (message.type === 'message') {
      const args = codec.decode(message.args) as unknown[];
      for (const listener of listeners.get(message.channel) ?? []) listener({ sender: ipcRenderer, ports: [] }, ...args);
      return;
    }
    const { resolve, reject } = waiting.get(message.id) ?? {};
    waiting.delete(message.id);
    (message.ok ? resolve : reject)?.(codec.decode(message.value));
  };
  port.on('open', ({ url, frameName }) => say({ type: 'open', url: String(url), frameName: String(frameName) }));

  const remove = (channel: string, listener: Listener): void => void listeners.set(channel, (listeners.get(channel) ?? []).filter((one) => one !== listener));
  const ipcRenderer = {
    on: (channel: string, listener: Listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
    once: (channel: string, listener: Listener) => {
      const own: Listener = (...args) => {
        remove(channel, own);
        listener(...args);
      };
      ipcRenderer.on(channel, own);
    },
    off: remove,
    removeListener: remove,
    removeAllListeners: (channel: string) => listeners.delete(channel),
    send: (channel: string, ...args: unknown[]) => say({ type: 'send', channel, args: codec.encode(args) }),
    invoke: (channel: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = ids++;
        // Throws here, in the caller's promise, for what cannot be cloned: as Electron does.
        const message: ToMain = { type: 'invoke', id, channel, args: codec.encode(args) };
        waiting.set(id, { resolve, reject });
        say(message);
      }),
  };
  const contextBridge = { exposeInMainWorld: (key: string, api: unknown) => port.post({ type: 'expose', key, api: port.wrap(api) }) };
  const modules: Record<string, unknown> = { electron: { ipcRenderer, contextBridge } };
  return {
    require: (name) => {
      const module = modules[name];
      if (module === undefined) throw new Error(`module not found: ${name}`);
      return module;
    },
    process: { platform: names.platform, versions: { electron: names.electron }, sandboxed: true, contextIsolated: true, type: 'renderer', env: {} },
  };
}

/** Source of the script of the page's world. `key` names the events between the worlds, new for each window. */
export const pageScript = (codec: string, key: string): string => `(() => {
  if (window.parent !== window) return;
  (${String(pageWorld)})((${String(createWorldPort)})((${codec})(), '${key}-page', '${key}-preload'));
})()`;

/** Source of the script of the preload's world, with the preload in it: a page's policy forbids to evaluate text. */
export const preloadScript = (codec: string, key: string, names: Parameters<typeof preloadWorld>[2], preload: string): string => `(() => {
  // Preloads run in main frames alone, as nodeIntegrationInSubFrames is off.
  if (window.parent !== window) return;
  const codec = (${codec})();
  const { require, process } = (${String(preloadWorld)})(codec, (${String(createWorldPort)})(codec, '${key}-preload', '${key}-page'), ${JSON.stringify(names)});
  const module = { exports: {} };
  (function (require, process, module, exports) {
${preload}
  })(require, process, module, module.exports);
})()`;
