import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** The web edition: the renderer at `/` and the demo's customer phone at `/customer`, built to out/web. */
export default defineConfig({
  plugins: [vue(), tailwindcss()],
  build: {
    outDir: 'out/web',
    emptyOutDir: true,
    target: 'es2024',
    rolldownOptions: { input: { renderer: 'renderer/index.html', customer: 'demo/customer/index.html' } },
  },
});
