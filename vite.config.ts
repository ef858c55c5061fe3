import { existsSync } from 'node:fs';
import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin, type Rolldown } from 'vite';
import { commandsByScope, endpointsByName, precompress, releaseToastListeners, websocketOnly, zodWithoutEval } from './vite-plugins.ts';

const pages = { renderer: 'renderer/index.html', customer: 'demo/customer/index.html' };

const [DESK, PHONE] = ['renderer/main.ts', 'demo/customer/main.ts'].map((path) => join(import.meta.dirname, path)) as [string, string];
type ModuleGraph = Pick<Rolldown.PluginContext, 'getModuleInfo'>;

/** In development: `/customer` is the demo's phone, every other navigation the desk, as the web shell serves them. */
const navigation: Plugin = {
  name: 'sangdam:navigation',
  apply: 'serve',
  configureServer(server) {
    server.middlewares.use((request, _response, next) => {
      const { pathname, search } = new URL(request.url ?? '/', 'http://desk');
      const isNavigation = request.headers.accept?.includes('text/html') === true && !pathname.endsWith('.html');
      if (isNavigation) request.url = `/${pathname.startsWith('/customer') && !pathname.startsWith('/customers') ? pages.customer : pages.renderer}${search}`;
      next();
    });
  },
};

/** What a module imports statically, and what that does, itself included. */
function reachOf(id: string, context: ModuleGraph, reached = new Set<string>()): Set<string> {
  if (reached.has(id)) return reached;
  reached.add(id);
  for (const imported of context.getModuleInfo(id)?.importedIds ?? []) reachOf(imported, context, reached);
  return reached;
}

/**
 * What the first page starts with comes in two files, `libraries` (also the demo phone's) and `start`: HTTP/1.1 fetches six
 * at a time, and a file for each set of screens that shares something would be dozens.
 */
function startChunks(): (id: string, context: ModuleGraph) => string | null {
  let reach: { desk: Set<string>; phone: Set<string> } | undefined;
  return (id, context) => {
    reach ??= { desk: reachOf(DESK, context), phone: reachOf(PHONE, context) };
    if (id === DESK || !reach.desk.has(id)) return null;
    return reach.phone.has(id) ? 'libraries' : 'start';
  };
}

/** The web edition: the renderer at `/` and the demo's customer phone at `/customer`, built to out/web. */
export default defineConfig({
  plugins: [vue(), tailwindcss(), navigation, releaseToastListeners, zodWithoutEval, websocketOnly, endpointsByName, commandsByScope, precompress],
  define: { __VUE_OPTIONS_API__: false, __VUE_I18N_LEGACY_API__: false, __VUE_I18N_FULL_INSTALL__: false, __INTLIFY_PROD_DEVTOOLS__: false },
  build: {
    outDir: 'out/web',
    emptyOutDir: true,
    target: 'es2024',
    // Browsers of this target know `modulepreload` by themselves.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // On a slow machine it would tell whoever starts us of its plugins.
      checks: { bundlerTimings: false },
      input: Object.fromEntries(Object.entries(pages).filter(([, file]) => existsSync(file))),
      output: { codeSplitting: { groups: [{ debugName: 'start', name: startChunks(), tags: ['$initial'] }] } },
    },
  },
});
