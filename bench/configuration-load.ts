import { setTimeout as delay } from 'node:timers/promises';
import { createSipPhone, until } from '../test/support/sip-phone/index.ts';
import type { PhoneMedia } from '../test/support/sip-phone/media.ts';
import type { StepResult } from './switch-load.ts';

/*
 * The process of the calls: phones of a center, every second of which calls its neighbour. Asked `{ ms }`, it listens so
 * long and answers what of the audio was missing; it ends with its parent.
 */

const [, , port, count = '0'] = process.argv;
const legs: PhoneMedia[] = [];
const phoneOf = (index: number) => createSipPhone({ url: `ws://127.0.0.1:${port}/sip`, user: String(2000 + index), password: 'bench', toneHz: 440 });

for (let index = 0; index < Number(count); index += 2) {
  const [caller, callee] = [phoneOf(index), phoneOf(index + 1)];
  await Promise.all([caller.register(), callee.register()]);
  const answered = callee.incoming().then((ringing) => ringing.answer());
  const call = await caller.call(String(2000 + index + 1));
  await call.answered(20_000);
  legs.push(...[call.media, (await answered).media].filter((media) => media !== null));
}
await until('audio on every leg', () => legs.every((leg) => leg.counts.received > 25), 20_000);

process.on('message', ({ ms }: { ms: number }) => {
  void listen(ms).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());
process.send?.({ legs: legs.length });

async function listen(ms: number): Promise<StepResult> {
  const total = (): { received: number; lost: number } => ({ received: legs.reduce((sum, { counts }) => sum + counts.received, 0), lost: legs.reduce((sum, { counts }) => sum + counts.lost, 0) });
  const before = total();
  const from = performance.now();
  await delay(ms);
  const after = total();
  return { received: after.received - before.received, lost: after.lost - before.lost, expected: ((performance.now() - from) / 20) * legs.length };
}
