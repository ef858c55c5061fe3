import { systemClock } from '../../../server/clock.ts';
import { join } from 'node:path';
import { loadSigningKey } from '../../../center/gateway/tokens.ts';
import { seedDemo } from '../../../center/store/demo/index.ts';
import { loadStoreKey, openStore } from '../../../center/store/index.ts';

/*
 * What a center's first start writes, in the order it does, and nothing else: a process that is begun in a fraction of
 * a center's time, to be killed many times.
 */
const folder = process.argv[2] ?? '';
process.send?.('begins');
const file = join(folder, 'center.db');
const key = await loadStoreKey(file);
const store = await openStore({ file, key, clock: systemClock, logger: { info: () => {}, warn: () => {}, error: () => {} } });
await seedDemo(store.db, Date.now());
await loadSigningKey(folder, key);
process.send?.('started');
