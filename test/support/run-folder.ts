import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder that goes with the run: its processes are ended without being asked, and remove nothing themselves. */
    runFolder: string;
  }
}

/** Makes the folder for what the processes of one run of tests keep on the disk, and removes it afterwards. */
export default function provideRunFolder(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'sangdam-run-'));
  project.provide('runFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
