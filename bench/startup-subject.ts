import { join } from 'node:path';
import { createContactCenter } from '../center/index.ts';
import { startOfDay } from '../center/business-day.ts';
import { loadStoreKey, openStore } from '../center/store/index.ts';
import { systemClock } from '../server/clock.ts';
import { createLogger } from '../server/logger.ts';
import { forkWorker } from '../server/worker.ts';
import { FakeSwitch } from '../test/unit/center/fake-switch.ts';

/*
 * A center whose clock goes over midnight: FOLDER. It tells the longest that its event loop stood still while the new day
 * began and last week's was read, calls were logged, and a worker beside it counted the whole log anew.
 */
const [folder = ''] = process.argv.slice(2);
const DAY_MS = 24 * 3600_000;
const PROBE_MS = 1;
const BEFORE_MS = 300;
const MEASURED_MS = 5000;
/** Some hundred calls a minute. */
const WRITE_EVERY_MS = 20;

process.on('disconnect', () => process.exit());
const file = join(folder, 'center.db');
let aheadMs = 0;
const timers: (() => void)[] = [];
// A minute passes when it is told to: the center looks at the clock then.
const clock = { ...systemClock, now: () => systemClock.now() + aheadMs, setTimeout: (run: () => void, delayMs: number) => (delayMs >= 60_000 ? (timers.push(run), () => {}) : systemClock.setTimeout(run, delayMs)) };
const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const store = await openStore({ file, key: await loadStoreKey(file), clock, logger: quiet });
const center = createContactCenter({ switchPort: new FakeSwitch(), records: store.records, clock, logger: quiet, phoneSecret: new Uint8Array(32) });
await center.start();
// As after a change of the zone: there is something to do for all of the time.
await store.db.updateTable('rollup_state').set({ version: 'another way of counting' }).execute();
const worker = forkWorker({ place: { file }, key: await loadStoreKey(file), settings: { filesFolder: join(folder, 'files'), media: { kind: 'folder', folder: join(folder, 'media') }, keepContactsDays: null, keepEventsDays: null }, customersChanged: () => {}, clock: systemClock, logger: createLogger('silent') });
worker.start();
const counted = async (): Promise<number> => (await store.db.selectFrom('rollup_state').select('up_to').executeTakeFirst())?.up_to ?? 0;
for (const before = await counted(); (await counted()) === before; ) await new Promise((resolve) => setTimeout(resolve, BEFORE_MS));
await new Promise((resolve) => setTimeout(resolve, BEFORE_MS));

let longestMs = 0;
let last = performance.now();
const probe = setInterval(() => {
  longestMs = Math.max(longestMs, performance.now() - last - PROBE_MS);
  last = performance.now();
}, PROBE_MS);
aheadMs = startOfDay(clock.now() + DAY_MS, 'Asia/Seoul') - clock.now() + 1;
last = performance.now();
for (const run of timers.splice(0)) run();
for (const until = performance.now() + MEASURED_MS; performance.now() < until; ) {
  await store.records.append([{ type: 'contact.queued', at: clock.now(), contactId: null, agentId: null, groupId: null, data: {} }]);
  await new Promise((resolve) => setTimeout(resolve, WRITE_EVERY_MS));
}
clearInterval(probe);
await worker.stop();
process.send?.({ longestMs });
