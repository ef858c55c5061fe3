import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../agent/index.ts';

const KEY = /^[\da-f]{64}$/i;

/**
 * The customer cache's key: `SANGDAM_CACHE_KEY` (64 hexadecimal digits), else a file of mode 0600 in `folder`,
 * made on first use.
 * @returns 32 bytes; null when the given key is none or no file can be kept: the cache is in memory then
 */
export function loadCacheKey(folder: string, log: Logger, environment: NodeJS.ProcessEnv = process.env): Buffer | null {
  const given = environment['SANGDAM_CACHE_KEY'];
  if (given !== undefined && given !== '') {
    if (KEY.test(given)) return Buffer.from(given, 'hex');
    log.error({}, 'SANGDAM_CACHE_KEY is not 64 hexadecimal digits; customers are kept in memory');
    return null;
  }
  const file = join(folder, 'cache.key');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      // `wx`: two processes starting at once agree on the first one's key.
      writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      chmodSync(file, 0o600);
    }
    const kept = readFileSync(file, 'utf8').trim();
    if (KEY.test(kept)) return Buffer.from(kept, 'hex');
    log.error({}, 'the cache key file holds no key; customers are kept in memory');
    return null;
  } catch (error) {
    log.error({ error: String(error) }, 'no cache key can be kept; customers are kept in memory');
    return null;
  }
}
