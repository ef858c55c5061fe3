import { setTimeout as delay } from 'node:timers/promises';
import { createSipPhone, until, type PhoneCall } from '../test/support/sip-phone/index.ts';
import { PhoneMedia } from '../test/support/sip-phone/media.ts';

/*
 * The process that makes the load: phones by twos to a switch, or as many legs to an echo. Each step of
 * `{ legs, ms }` adds phones up to that number, listens so long and answers what was lost meanwhile.
 */

const [, , mode, port] = process.argv;
const CALLS_AT_A_TIME = 5;
const legs: PhoneMedia[] = [];

export interface StepResult {
  received: number;
  lost: number;
  expected: number;
}

process.on('message', (step: { legs: number; ms: number }) => {
  run(step.legs, step.ms).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.send?.({ received: 0, lost: 0, expected: 1, failed: String(error) });
    },
  );
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function run(wanted: number, ms: number): Promise<StepResult> {
  while (legs.length < wanted) {
    const first = legs.length;
    const pairs = Array.from({ length: Math.min(CALLS_AT_A_TIME, (wanted - first) / 2) }, (_, i) => first + 2 * i);
    const added = await Promise.all(pairs.map((index) => (mode === 'echo' ? Promise.all([echoLeg(), echoLeg()]) : bridgedLegs(index))));
    legs.push(...added.flat());
  }
  await until('audio on every leg', () => legs.every((leg) => leg.counts.received > 25), 20_000);
  const before = total();
  const from = performance.now();
  await delay(ms);
  const after = total();
  return {
    received: after.received - before.received,
    lost: after.lost - before.lost,
    expected: ((performance.now() - from) / 20) * legs.length,
  };
}

const total = (): { received: number; lost: number } => ({
  received: legs.reduce((sum, leg) => sum + leg.counts.received, 0),
  lost: legs.reduce((sum, leg) => sum + leg.counts.lost, 0),
});

async function echoLeg(): Promise<PhoneMedia> {
  const media = new PhoneMedia(440, 'pcmu');
  const { body } = await media.getDescription();
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body });
  await media.setDescription(await response.text());
  await until('the echo', () => media.connected);
  return media;
}

async function bridgedLegs(index: number): Promise<PhoneMedia[]> {
  const calls: PhoneCall[] = [];
  for (const offset of [0, 1]) {
    const phone = createSipPhone({ url: `ws://127.0.0.1:${port}/sip`, user: `u${index + offset}`, password: 'bench', toneHz: 440 });
    const call = await phone.call(`call-${index}`);
    await call.answered(20_000);
    calls.push(call);
  }
  return calls.flatMap(({ media }) => (media === null ? [] : [media]));
}
