import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseWav } from '../../center/switch/wav.ts';
import type { Result } from '../../contract/errors.ts';
import { until, type PhoneCall } from '../support/sip-phone/index.ts';
import { Ear } from '../support/sip-phone/listening.ts';
import { MUSIC_HZ, must, Stage, TONES, type MakeSwitch } from './stage.ts';

interface Party {
  call: PhoneCall;
  channelId: string;
}

interface Supervised {
  bridgeId: string;
  agent: Party;
  customer: Party;
  supervisor: Party;
}

const AGENT = TONES['1001'];
const SUPERVISOR = TONES['1002'];
const CUSTOMER = TONES.c1;
/** A jitter buffer's depth and a few packets: those who talk notice nothing, and lose no word. */
const UNNOTICED_MS = 250;
/** For who is moved between a bridge and an ear. */
const SYLLABLE_MS = 500;
const WINDOW_SAMPLES = 3200;

const codeOf = (result: Result<null>): string => (result.ok ? 'ok' : result.error.code);

/** Whether a tone is heard in any 400 ms of it. */
function isAnywhereIn(samples: Int16Array, hz: number): boolean {
  for (let at = 0; at + WINDOW_SAMPLES <= samples.length; at += WINDOW_SAMPLES) {
    const ear = new Ear();
    ear.push(samples.subarray(at, at + WINDOW_SAMPLES));
    if (ear.share(hz) > 0.1) return true;
  }
  return false;
}

/** Listening in, whispering and barging in: who hears whom, proved by tone. */
export function describeSnoop(name: string, make: MakeSwitch): void {
  describe(`${name} switch, listening in`, () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await Stage.open(make);
    });
    afterEach(() => stage.close());

    /** An agent (1001) talks with a customer (c1); a supervisor's phone (1002) is up, and apart. */
    async function supervised(): Promise<Supervised> {
      const { bridgeId, parties: [agent, customer] } = await stage.bridged('1001', 'c1');
      if (agent === undefined || customer === undefined) throw new Error('two parties were asked for');
      return { bridgeId, agent, customer, supervisor: await stage.connect(await stage.registered('1002')) };
    }

    const listen = async ({ supervisor, agent }: Pick<Supervised, 'supervisor' | 'agent'>, snoopId = 's1', whispering = false): Promise<void> => {
      must(await stage.port.snoop({ snoopId, channelId: supervisor.channelId, targetId: agent.channelId, whispering }));
    };
    const heardByNobody = ({ agent, customer }: Supervised): Promise<unknown> =>
      Promise.all([agent.call.hears(CUSTOMER, [SUPERVISOR]), customer.call.hears(AGENT, [SUPERVISOR])]);

    it('lets a supervisor hear both, and nobody the supervisor', async () => {
      const all = await supervised();
      await listen(all);
      await all.supervisor.call.hears([AGENT, CUSTOMER], [SUPERVISOR]);
      await heardByNobody(all);
    });

    it('lets the agent alone hear a whisper', async () => {
      const all = await supervised();
      await listen(all, 's1', true);
      await all.agent.call.hears([CUSTOMER, SUPERVISOR], [AGENT]);
      await all.customer.call.hears(AGENT, [SUPERVISOR]);
      await all.supervisor.call.hears([AGENT, CUSTOMER], [SUPERVISOR]);
    });

    it('lets both hear a supervisor who barges in', async () => {
      const all = await supervised();
      await listen(all);
      must(await stage.port.joinBridge(all.bridgeId, all.supervisor.channelId));
      expect(await stage.event('snoop.ended')).toMatchObject({ snoopId: 's1', channelId: all.supervisor.channelId });
      await all.agent.call.hears([CUSTOMER, SUPERVISOR], [AGENT]);
      await all.customer.call.hears([AGENT, SUPERVISOR], [CUSTOMER]);
      await all.supervisor.call.hears([AGENT, CUSTOMER], [SUPERVISOR]);
    });

    it('goes from listening to whispering to barging in and back, without a gap for anybody', async () => {
      const all = await supervised();
      await listen(all);
      await all.supervisor.call.hears([AGENT, CUSTOMER]);
      const ends = [all.agent.call.watch(CUSTOMER), all.customer.call.watch(AGENT)];
      const moved = [all.supervisor.call.watch(CUSTOMER), all.supervisor.call.watch(AGENT)];
      must(await stage.port.setWhispering('s1', true));
      await all.agent.call.hears([CUSTOMER, SUPERVISOR]);
      must(await stage.port.joinBridge(all.bridgeId, all.supervisor.channelId));
      await all.customer.call.hears([AGENT, SUPERVISOR]);
      await listen(all, 's2', true);
      await Promise.all([all.customer.call.hears(AGENT, [SUPERVISOR]), all.agent.call.hears([CUSTOMER, SUPERVISOR])]);
      must(await stage.port.setWhispering('s2', false));
      await heardByNobody(all);
      await all.supervisor.call.hears([AGENT, CUSTOMER], [SUPERVISOR]);
      for (const end of ends) expect(end()).toBeLessThan(UNNOTICED_MS);
      for (const end of moved) expect(end()).toBeLessThan(SYLLABLE_MS);
    });

    it('follows the agent into another bridge', async () => {
      const all = await supervised();
      await listen(all, 's1', true);
      const consulted = await stage.bridged('1003');
      must(await stage.port.joinBridge(consulted.bridgeId, all.agent.channelId));
      await all.supervisor.call.hears([AGENT, TONES['1003']], [CUSTOMER]);
      await all.agent.call.hears([SUPERVISOR, TONES['1003']]);
      await consulted.parties[0]?.call.hears(AGENT, [SUPERVISOR]);
    });

    it('hears and whispers on, whoever the agent talks with in turn', async () => {
      const all = await supervised();
      const other = await stage.connect(await stage.registered('1003'));
      await listen(all, 's1', true);
      const partners = [all.customer, other] as const;
      for (const [partner, former] of [[1, 0], [0, 1], [1, 0]] as const) {
        must(await stage.port.leaveBridge(partners[former].channelId));
        must(await stage.port.joinBridge(all.bridgeId, partners[partner].channelId));
        const [heard, not] = partner === 1 ? [TONES['1003'], CUSTOMER] : [CUSTOMER, TONES['1003']];
        await all.supervisor.call.hears([AGENT, heard], [not]);
        await all.agent.call.hears([SUPERVISOR, heard], [not]);
        await partners[partner].call.hears(AGENT, [SUPERVISOR]);
      }
      must(await stage.port.setWhispering('s1', false));
      await all.agent.call.hears(TONES['1003'], [SUPERVISOR]);
    });

    it('hears on when three have talked and two are left', async () => {
      const all = await supervised();
      const other = await stage.connect(await stage.registered('1003'));
      await listen(all);
      for (const leaves of [all.customer, other]) {
        must(await stage.port.joinBridge(all.bridgeId, all.customer.channelId));
        must(await stage.port.joinBridge(all.bridgeId, other.channelId));
        await all.supervisor.call.hears([AGENT, CUSTOMER, TONES['1003']]);
        must(await stage.port.leaveBridge(leaves.channelId));
        await all.supervisor.call.hears([AGENT, leaves === other ? CUSTOMER : TONES['1003']], [leaves === other ? TONES['1003'] : CUSTOMER]);
      }
    });

    it('whispers to an agent whom nothing else is played to, and who hears music', async () => {
      const all = await supervised();
      await listen(all, 's1', true);
      must(await stage.port.leaveBridge(all.agent.channelId));
      await all.agent.call.hears(SUPERVISOR, [CUSTOMER]);
      must(await stage.port.startMusic(all.agent.channelId));
      await all.agent.call.hears([SUPERVISOR, MUSIC_HZ]);
      await all.supervisor.call.hears([AGENT, MUSIC_HZ]);
    });

    it('is not heard of whom the center mutes', async () => {
      const all = await supervised();
      await listen(all, 's1', true);
      await all.agent.call.hears([CUSTOMER, SUPERVISOR]);
      must(await stage.port.setMuted(all.supervisor.channelId, true));
      await all.agent.call.hears(CUSTOMER, [SUPERVISOR]);
    });

    it('takes two supervisors at once, each whispering to the agent alone', async () => {
      const all = await supervised();
      const other = await stage.connect(await stage.registered('1003'));
      await listen(all, 's1', true);
      await listen({ supervisor: other, agent: all.agent }, 's2', true);
      await all.agent.call.hears([CUSTOMER, SUPERVISOR, TONES['1003']]);
      await all.customer.call.hears(AGENT, [SUPERVISOR, TONES['1003']]);
      must(await stage.port.stopSnoop('s1'));
      await all.agent.call.hears([CUSTOMER, TONES['1003']], [SUPERVISOR]);
      await all.supervisor.call.silent();
    });

    it('goes from one agent to another, and the former snoop is over', async () => {
      const all = await supervised();
      const other = await stage.connect(await stage.registered('1003'));
      await listen(all);
      await listen({ supervisor: all.supervisor, agent: other }, 's2');
      expect(await stage.event('snoop.ended')).toMatchObject({ snoopId: 's1' });
      await all.supervisor.call.hears(TONES['1003'], [AGENT, CUSTOMER]);
    });

    it('keeps a whisper out of the recording', async () => {
      const all = await supervised();
      await listen(all, 's1', true);
      const file = join(stage.folder, 'recorded.wav');
      must(await stage.port.startRecording('r1', all.bridgeId, file));
      const from = all.agent.call.counts.received;
      await until('a second of talk', () => all.agent.call.counts.received > from + 50);
      must(await stage.port.stopRecording('r1'));
      const samples = must(parseWav(await readFile(file)));
      expect([AGENT, CUSTOMER, SUPERVISOR].map((hz) => isAnywhereIn(samples, hz))).toEqual([true, true, false]);
    });

    it('is no bridge and no channel of the center\'s', async () => {
      const all = await supervised();
      await listen(all);
      expect(must(await stage.port.listBridges())).toEqual([{ bridgeId: all.bridgeId, channels: [all.agent.channelId, all.customer.channelId] }]);
      const ids = must(await stage.port.listChannels()).map(({ channelId }) => channelId);
      expect(ids.toSorted()).toEqual([all.agent, all.customer, all.supervisor].map(({ channelId }) => channelId).toSorted());
    });

    describe('failure: who listens and who is listened to', () => {
      it.each(['agent', 'supervisor'] as const)('is over when the %s hangs up, and leaves the others as they are', async (who) => {
        const all = await supervised();
        await listen(all, 's1', true);
        await all.supervisor.call.hears([AGENT, CUSTOMER]);
        await all[who].call.hangUp();
        expect(await stage.event('snoop.ended')).toMatchObject({ snoopId: 's1', channelId: all.supervisor.channelId });
        await stage.ended(all[who].channelId);
        if (who === 'agent') await Promise.all([all.supervisor.call.silent(), all.customer.call.silent()]);
        else await Promise.all([all.agent.call.hears(CUSTOMER, [SUPERVISOR]), all.customer.call.hears(AGENT)]);
        expect(stage.events.filter(({ type }) => type === 'snoop.ended')).toHaveLength(1);
        expect(codeOf(await stage.port.setWhispering('s1', true))).toBe('not-found');
      });

      it('is over when it is stopped, once', async () => {
        const all = await supervised();
        await listen(all);
        must(await stage.port.stopSnoop('s1'));
        must(await stage.port.stopSnoop('s1'));
        await all.supervisor.call.silent();
        await heardByNobody(all);
        expect(stage.events.filter(({ type }) => type === 'snoop.ended')).toHaveLength(1);
      });

      it('answers by code for an agent who hangs up while it is being made', async () => {
        const all = await supervised();
        const [, snooped] = await Promise.all([
          stage.port.hangUp(all.agent.channelId, 'normal'),
          stage.port.snoop({ snoopId: 's1', channelId: all.supervisor.channelId, targetId: all.agent.channelId, whispering: false }),
        ]);
        await stage.ended(all.agent.channelId);
        expect(['ok', 'switch.channel-gone']).toContain(codeOf(snooped));
        if (snooped.ok) await stage.event('snoop.ended');
        await all.supervisor.call.silent();
        expect(all.supervisor.call.isUp).toBe(true);
      });

      it('answers by code what it cannot do', async () => {
        const { agent, supervisor } = await supervised();
        const { channel: ringing } = await stage.dial(await stage.registered('1003'), '15880000');
        const ask = async (channelId: string, targetId: string, snoopId = 's1'): Promise<string> => codeOf(await stage.port.snoop({ snoopId, channelId, targetId, whispering: false }));
        expect(await ask(supervisor.channelId, 'none')).toBe('switch.channel-gone');
        expect(await ask('none', agent.channelId)).toBe('switch.channel-gone');
        expect(await ask(supervisor.channelId, ringing.channelId)).toBe('switch.channel-gone');
        expect(await ask(supervisor.channelId, supervisor.channelId)).toBe('input.invalid');
        expect(await ask(supervisor.channelId, agent.channelId)).toBe('ok');
        expect(await ask(supervisor.channelId, agent.channelId)).toBe('input.invalid');
        expect(codeOf(await stage.port.setWhispering('none', true))).toBe('not-found');
        expect(codeOf(await stage.port.stopSnoop('none'))).toBe('ok');
        expect(codeOf(await stage.port.play('p', supervisor.channelId, { kind: 'tone', tone: 'beep' }, false))).toBe('switch.failed');
        expect(codeOf(await stage.port.startMusic(supervisor.channelId))).toBe('switch.failed');
        await supervisor.call.hears([AGENT, CUSTOMER]);
      });
    });
  });
}
