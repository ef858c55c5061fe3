import { StoreError } from '../center/store/index.ts';
import { administer, USAGE } from '../server/administration.ts';
import { createLogger } from '../server/logger.ts';
import { openRecords } from '../server/records.ts';
import { readSettings } from '../server/settings.ts';
import { requireNode } from './node-version.ts';

/* Administration from the command line: the first administrator, a password that was lost. `npm run sangdam` says how. */

requireNode();

/** Runs one command. @returns the status to exit with */
async function main(args: readonly string[]): Promise<number> {
  if (args.length === 0 || args.includes('--help')) {
    console.log(USAGE);
    return args.length === 0 ? 2 : 0;
  }
  const settings = readSettings(process.env);
  if (!settings.ok) {
    console.error(settings.error.message);
    return 2;
  }
  try {
    const { store } = await openRecords(settings.value, createLogger('error'));
    try {
      const result = await administer(args, { db: store.db, now: Date.now(), input: process.stdin, origin: settings.value.access.publicUrl ?? `${settings.value.access.tls === null ? 'http' : 'https'}://${settings.value.host}:${settings.value.port}` });
      if (result.ok) console.log(result.value);
      else console.error(result.error.message);
      return result.ok ? 0 : 2;
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    console.error(`${error.message}\nWhile a center runs on this data folder, stop it first, or do it there as an administrator.`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
