import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

export const DEFAULT_SERVER = 'http://127.0.0.1:7400';

const Server = z.object({ server: z.url({ protocol: /^https?$/ }) });

/** The center this desktop signs in to: `SANGDAM_SERVER`, else the file, else this machine. */
export function loadServer(file: string, environment: NodeJS.ProcessEnv = process.env): string {
  const given = Server.safeParse({ server: environment['SANGDAM_SERVER'] });
  if (given.success) return new URL(given.data.server).origin;
  try {
    return new URL(Server.parse(JSON.parse(readFileSync(file, 'utf8'))).server).origin;
  } catch {
    return DEFAULT_SERVER;
  }
}

/** Remembers another center. */
export function saveServer(file: string, server: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(Server.parse({ server })), { mode: 0o600 });
}
