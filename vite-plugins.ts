import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const LEAK = 'return () => window.removeEventListener("visibilitychange", callback);';

/**
 * vue-sonner 2.0.9 adds a listener of the document for each toast and never takes it away: what it returns from its
 * effect is React's way to clean up, and names the wrong target. A desk that is open all day shows thousands.
 */
export const releaseToastListeners: Plugin = {
  name: 'sangdam:release-toast-listeners',
  transform: {
    filter: { id: /vue-sonner\/lib\/index\.js/ },
    handler(code) {
      if (!code.includes(LEAK)) throw new Error('vue-sonner has changed: see whether its toasts release their listeners now, and remove this plugin');
      return code.replace('watchEffect(() => {\n\t\tconst callback', 'watchEffect((onCleanup) => {\n\t\tconst callback').replace(LEAK, 'onCleanup(() => document.removeEventListener("visibilitychange", callback));');
    },
  },
};

const ZOD_CONFIG = '__zod_globalConfig = {}';

/**
 * zod compiles parsers with `new Function` where it may, and tries it when the first schema is made: before any line of ours
 * could forbid it, and against the content security policy, which reports it. So it is told in the place where it looks.
 */
export const zodWithoutEval: Plugin = {
  name: 'sangdam:zod-without-eval',
  transform: {
    filter: { id: /zod\/v4\/core\/core\.js/ },
    handler(code) {
      if (!code.includes(ZOD_CONFIG)) throw new Error('zod has changed where it keeps its configuration: see how it is told not to evaluate text now');
      return code.replace(ZOD_CONFIG, '__zod_globalConfig = { jitless: true }');
    },
  },
};

/** Windows speak to their host by WebSocket alone; of the library's other ways the first load carries none. */
export const websocketOnly: Plugin = {
  name: 'sangdam:websocket-only',
  transform: {
    filter: { id: /engine\.io-client\/build\/esm\/transports\/index\.js/ },
    handler(code) {
      if (!code.includes('websocket: WS')) throw new Error('engine.io-client has changed where it lists its transports: see how it is left with one now');
      return 'import { WS } from "./websocket.js";\nexport const transports = { websocket: WS };';
    },
  },
};

const NAMES = '\0sangdam:endpoint-names';

/**
 * A window names endpoints; its host knows what they take and answer, and parses both ways. So the bridge in a window
 * carries of the API's contract the names alone.
 */
export const endpointsByName: Plugin = {
  name: 'sangdam:endpoints-by-name',
  enforce: 'pre',
  resolveId: (source, importer) => (source.endsWith('/api/index.ts') && importer?.endsWith('/contract/bridge/calls.ts') === true ? NAMES : null),
  load: async (id) => {
    if (id !== NAMES) return null;
    const { endpointNames, openEndpointNames } = await import('./contract/api/index.ts');
    return `export const endpointNames = ${JSON.stringify(endpointNames)};\nexport const openEndpointNames = ${JSON.stringify(openEndpointNames)};`;
  },
};

const COMMANDS = '\0sangdam:commands-by-scope';

/** The same for commands of a desk: of them a window needs the scopes. What is asked by them its host has parsed before it asks. */
export const commandsByScope: Plugin = {
  name: 'sangdam:commands-by-scope',
  enforce: 'pre',
  resolveId: (source, importer) => (source.endsWith('/cti/commands.ts') && importer?.endsWith('/contract/bridge/calls.ts') === true ? COMMANDS : null),
  load: async (id) => {
    if (id !== COMMANDS) return null;
    const { ctiCommands } = await import('./contract/cti/commands.ts');
    return `export const ctiCommands = ${JSON.stringify(Object.fromEntries(Object.entries(ctiCommands).map(([name, { scope }]) => [name, { scope }])))};`;
  },
};

/** Text that is worth it; below a packet's size nothing is gained. */
const COMPRESSED = /\.(?:html|js|css|svg|json)$/;
const LEAST_BYTES = 1024;

/**
 * Beside each file of text its `.br` and `.gz`, as small as they get: made once here, and not at each request. The center
 * serves whichever the browser takes.
 */
export const precompress: Plugin = {
  name: 'sangdam:precompress',
  apply: 'build',
  async writeBundle({ dir = '' }, bundle) {
    const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)];
    const paths = Object.keys(bundle).filter((name) => COMPRESSED.test(name)).map((name) => join(dir, name));
    await Promise.all(
      paths.map(async (path) => {
        const text = await readFile(path);
        if (text.length < LEAST_BYTES) return;
        const smallest = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } };
        await Promise.all([writeFile(`${path}.br`, await brotli(text, smallest)), writeFile(`${path}.gz`, await zip(text, { level: constants.Z_BEST_COMPRESSION }))]);
      }),
    );
  },
};
