import { describe, expect, it } from 'vitest';
import type { FlowStep } from '../../../center/configuration/records.ts';
import { FlowRuns, type FlowHost } from '../../../center/flows/flow-runs.ts';
import { done, fail } from '../../../contract/errors.ts';
import { ContactId, GroupId } from '../../../contract/ids.ts';
import type { Refusal } from '../../../center/acd/acd.ts';
import { settle, TestClock } from './center-stage.ts';
import { nameOfSound } from './fake-switch.ts';

const contactId = ContactId.parse('contact-1');
const orders = GroupId.parse('orders');

const MENU: FlowStep[] = [
  { type: 'announce', announcement: 'greeting' },
  {
    type: 'menu',
    announcement: 'menu',
    options: [{ digit: '1', label: '주문', steps: [{ type: 'group', groupId: orders }] }],
    timeoutMs: 7000,
    tries: 2,
    otherwise: [{ type: 'announce', announcement: 'unavailable' }, { type: 'hangUp' }],
    wrongKeyAnnouncement: 'wrong-key',
  },
];

/** A caller in a flow, and everything that was done to them. */
async function caller(steps: FlowStep[], { refusal = null, unplayable = [] }: { refusal?: Refusal | null; unplayable?: string[] } = {}) {
  const heard: string[] = [];
  let playing: string | null = null;
  const host: FlowHost = {
    play: (playbackId, _contactId, sound) => {
      const name = nameOfSound(sound);
      if (unplayable.includes(name)) return Promise.resolve(fail('switch.failed', 'cannot be played'));
      heard.push(name);
      playing = playbackId;
      return Promise.resolve(done());
    },
    stopPlayback: () => {
      playing = null;
    },
    chosen: (_contactId, label) => heard.push(`→ ${label}`),
    toGroup: (_contactId, groupId) => {
      heard.push(`queue ${groupId}`);
      return refusal;
    },
    refused: (_contactId, _groupId, why) => heard.push(`refused ${why}`),
    hangUp: (_contactId, outcome) => heard.push(`end ${outcome}`),
    failed: (_contactId, error) => heard.push(`failed ${String(error)}`),
  };
  const clock = new TestClock();
  const flows = new FlowRuns(host, clock);
  flows.prepare(contactId, steps);
  flows.begin(contactId);
  await settle();
  return {
    heard,
    flows,
    pass: (ms: number) => clock.pass(ms),
    press: async (digit: string) => {
      flows.digit(contactId, digit);
      await settle();
    },
    /** What plays comes to its end. */
    listen: async () => {
      if (playing !== null) flows.playbackFinished(contactId, playing);
      await settle();
    },
  };
}

describe('a flow', () => {
  it('greets, asks, and leads where the key says', async () => {
    const { heard, listen, press } = await caller(MENU);
    await listen();
    await listen();
    await press('1');
    expect(heard).toEqual(['greeting', 'menu', '→ 주문', 'queue orders']);
  });

  it('takes a key during the greeting and during the menu (barge-in)', async () => {
    const early = await caller(MENU);
    await early.press('1');
    expect(early.heard).toEqual(['greeting', '→ 주문', 'queue orders']);
    const late = await caller(MENU);
    await late.listen();
    await late.press('1');
    expect(late.heard).toEqual(['greeting', 'menu', '→ 주문', 'queue orders']);
  });

  it('tells a wrong key, asks again, and has a branch of its own after the last', async () => {
    const { heard, listen, press } = await caller(MENU);
    await listen();
    await press('7');
    await listen();
    await press('8');
    await listen();
    expect(heard).toEqual(['greeting', 'menu', 'wrong-key', 'menu', 'unavailable', 'end abandonedInFlow']);
  });

  it('waits for a key as long as the menu says, then counts silence as a wrong one', async () => {
    const { heard, listen, pass, press } = await caller(MENU);
    await listen();
    await listen();
    await pass(6999);
    expect(heard).toEqual(['greeting', 'menu']);
    await pass(1);
    await listen();
    await press('1');
    expect(heard).toEqual(['greeting', 'menu', 'wrong-key', 'menu', '→ 주문', 'queue orders']);
  });

  it.each<[Refusal, string]>([
    ['closed', 'closed'],
    ['noAgents', 'no-agents'],
    ['queueFull', 'queue-full'],
  ])('tells why a group is not to be had (%s), to the end whatever is pressed', async (refusal, announcement) => {
    const { heard, listen, press } = await caller([{ type: 'group', groupId: orders }], { refusal });
    await press('1');
    expect(heard).toEqual(['queue orders', `refused ${refusal}`, announcement]);
    await listen();
    expect(heard.at(-1)).toBe(`end ${refusal}`);
  });

  it('is over when the caller is gone', async () => {
    const { heard, flows, listen, press } = await caller(MENU);
    flows.cancel(contactId);
    await listen();
    await press('1');
    expect(heard).toEqual(['greeting']);
  });

  it('failure: an announcement that cannot be played is passed over', async () => {
    const { heard, press } = await caller(MENU, { unplayable: ['greeting', 'menu'] });
    await press('1');
    expect(heard).toEqual(['→ 주문', 'queue orders']);
  });
});
