import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';
import { releaseToastListeners, zodWithoutEval } from './vite-plugins.ts';

/** Native, or optional and not wanted: `ws` does without its accelerators. */
const NOT_BUNDLED = ['electron', 'better-sqlite3', 'bufferutil', 'utf-8-validate'];

/**
 * The desktop: main to out/main, preload to out/preload, the same renderer as the web edition to out/renderer.
 * Main has its packages bundled in, so that only what it uses is shipped, and read fast; the preload runs in a
 * sandbox without `require`, so it is one file.
 */
export default defineConfig({
  main: {
    build: { outDir: 'out/main', target: 'node24', externalizeDeps: false, rolldownOptions: { external: NOT_BUNDLED, input: { index: 'electron/main/index.ts' }, output: { format: 'es' } } },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      minify: true,
      rolldownOptions: { input: { index: 'electron/preload/index.ts' }, output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false } },
    },
  },
  renderer: {
    root: '.',
    plugins: [vue(), tailwindcss(), releaseToastListeners, zodWithoutEval],
    define: { __VUE_OPTIONS_API__: false, __VUE_I18N_LEGACY_API__: false, __VUE_I18N_FULL_INSTALL__: false, __INTLIFY_PROD_DEVTOOLS__: false },
    // electron-vite's default is none: what the first screen loads would be half as much again.
    build: { outDir: 'out/renderer', target: 'es2024', minify: true, rolldownOptions: { input: { renderer: 'renderer/index.html' } } },
  },
});
