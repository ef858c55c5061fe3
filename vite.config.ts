import { existsSync } from 'node:fs';
import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';
import { precompress, releaseToastListeners, zodWithoutEval } from './vite-plugins.ts';

const pages = { renderer: 'renderer/index.html', customer: 'demo/customer/index.html' };

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

/** The web edition: the renderer at `/` and the demo's customer phone at `/customer`, built to out/web. */
export default defineConfig({
  plugins: [vue(), tailwindcss(), navigation, releaseToastListeners, zodWithoutEval, precompress],
  define: { __VUE_OPTIONS_API__: false, __VUE_I18N_LEGACY_API__: false, __VUE_I18N_FULL_INSTALL__: false, __INTLIFY_PROD_DEVTOOLS__: false },
  build: {
    outDir: 'out/web',
    emptyOutDir: true,
    target: 'es2024',
    rolldownOptions: { input: Object.fromEntries(Object.entries(pages).filter(([, file]) => existsSync(file))) },
  },
});
