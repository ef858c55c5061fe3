import { fork } from 'node:child_process';
import { join } from 'node:path';
import { createServer } from 'vite';
import { requireNode } from './node-version.ts';
import { ROOT, endWithNpm, endWithUs } from './run.ts';

requireNode();
endWithNpm();

/** The server restarts when its files change; the pages come from Vite and reload in place. */
const PORT = process.env['SANGDAM_PORT'] ?? '7400';
const center = `http://127.0.0.1:${PORT}`;

const server = fork(join(ROOT, 'server/main.ts'), [], {
  cwd: ROOT,
  execArgv: ['--watch', '--watch-preserve-output'],
  env: { SANGDAM_DEMO: '1', SANGDAM_LOG: 'info', ...process.env, SANGDAM_PORT: PORT },
  stdio: 'inherit',
});
endWithUs(server);
server.once('exit', (code) => process.exit(code ?? 1));

const pages = await createServer({
  root: ROOT,
  server: {
    proxy: {
      '/api': center,
      '/healthz': center,
      // Sockets, and calls before there is one: their pages' origin is Vite's, so it is rewritten to the center's.
      ...Object.fromEntries(['/cti', '/bridge', '/sip'].map((path) => [path, { target: center, ws: true, changeOrigin: true, rewriteWsOrigin: true, headers: { origin: center } }])),
    },
  },
});
await pages.listen();
pages.printUrls();
