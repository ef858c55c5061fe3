import vue from '@vitejs/plugin-vue';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // A test's processes find our programs as the one before has compiled them, which is most of a start.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compiled') },
    globalSetup: 'test/support/run-folder.ts',
    projects: [
      // Files share a process: what they import is loaded once, and what one leaves behind is a defect that shows in the next.
      // Three processes more than there are cores, as much of their time is spent waiting.
      { plugins: [vue()], test: { name: 'unit', include: ['test/unit/**/*.test.ts'], isolate: false, maxWorkers: availableParallelism() + 3, testTimeout: 30_000, hookTimeout: 30_000, unstubGlobals: true, unstubEnvs: true } },
      // Whole servers and programs: the same ways, and too slow for what runs before each commit.
      { test: { name: 'server', include: ['test/server/**/*.test.ts'], isolate: false, maxWorkers: availableParallelism() + 1, testTimeout: 30_000, hookTimeout: 30_000, unstubGlobals: true, unstubEnvs: true } },
      // The store once more, with a server of PostgreSQL in the place of the file; and what only such a server can show.
      {
        test: {
          name: 'postgres',
          include: ['test/unit/store/*.test.ts', 'test/unit/jobs/*.test.ts', 'test/faults/center-killed.test.ts', 'test/postgres/**/*.test.ts'],
          exclude: ['test/unit/store/*.file.test.ts'],
          globalSetup: 'test/support/postgres-run.ts',
          isolate: false,
          maxWorkers: availableParallelism() + 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { name: 'switch', include: ['test/switch/**/*.test.ts'], exclude: ['test/switch/asterisk*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false } },
      { test: { name: 'faults', include: ['test/faults/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false } },
      { test: { name: 'security', include: ['test/security/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 90_000, hookTimeout: 120_000, fileParallelism: false } },
      { test: { name: 'electron', include: ['test/electron/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false } },
      // On a real Asterisk, which takes Debian and root: the same contract, the same spine, and what only it can show.
      {
        test: {
          name: 'asterisk',
          include: ['test/switch/asterisk*.test.ts', 'test/asterisk/**/*.test.ts', 'test/e2e/{bad-moments,consult-transfer,customer-phone,inbound-call,narrow-desk,outcomes,outside-phone,supervision,wallboard}.test.ts', 'test/electron/call.test.ts'],
          env: { SANGDAM_TEST_SWITCH: 'asterisk' },
          testTimeout: 90_000,
          // The first file may have to install it.
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
