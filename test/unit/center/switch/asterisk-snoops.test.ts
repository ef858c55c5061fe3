import { describe, expect, it } from 'vitest';
import { newChannel, type Channel } from '../../../../center/switch/asterisk/channel.ts';
import { Snoops } from '../../../../center/switch/asterisk/snoops.ts';
import type { SwitchEvent } from '../../../../center/switch/port.ts';
import { done, fail, type Result } from '../../../../contract/errors.ts';
import { settle, TestClock } from '../center-stage.ts';

const channel = (id: string): Channel => ({ ...newChannel({ id, kind: 'to-phone', resource: id, callerNumber: id, callerName: '', dialled: '', headers: {}, state: 'up' }), bridgeId: 'main' });

/** Asterisk as far as snoops ask it: keeps what it is asked, and has a snoop channel in the application at once unless told not to. */
function stage({ enters = true, bridges = true } = {}) {
  const clock = new TestClock();
  const asked: string[] = [];
  const events: SwitchEvent[] = [];
  const partners = new Map<string, string | null>();
  const say = (what: string): Promise<Result<null>> => {
    asked.push(what);
    return Promise.resolve(done());
  };
  const client = {
    snoop: (target: string, id: string) => {
      if (enters) queueMicrotask(() => snoops.entered(id));
      return say(`snoop ${target} by ${id}`);
    },
    createBridge: (id: string) => (bridges ? say(`create ${id}`) : Promise.resolve(fail('switch.failed', 'no bridge'))),
    addToBridge: (bridge: string, id: string) => say(`add ${id} to ${bridge}`),
    destroyBridge: (id: string) => say(`destroy ${id}`),
    hangUp: (id: string) => say(`hang up ${id}`),
    mute: (id: string) => say(`mute ${id}`),
    unmute: (id: string) => say(`unmute ${id}`),
    subscribe: (_app: string, source: string) => say(`subscribe ${source}`),
  };
  const snoops: Snoops = new Snoops({ client, clock, app: 'sangdam', emit: (event) => events.push(event), take: () => {}, listened: () => {}, peerOf: ({ id }) => partners.get(id) ?? null });
  const start = (snoopId: string, listener: Channel, target: Channel, whispering = false) => snoops.start({ snoopId, channelId: listener.id, targetId: target.id, whispering }, listener, target);
  return { clock, asked, events, partners, snoops, start };
}

const [BOSS, OTHER, AGENT] = ['boss', 'other', 'agent'] as const;

describe('a snoop on Asterisk', () => {
  it('is mute towards its target before its listener is put with it', async () => {
    const { asked, start } = stage();
    expect(await start('s1', channel(BOSS), channel(AGENT))).toEqual(done());
    expect(asked).toEqual(['snoop agent by snoop-s1-1', 'create snoop-s1', 'mute snoop-s1-1', 'add snoop-s1-1 to snoop-s1', 'add boss to snoop-s1']);
  });

  it('whispers in the end as was asked last, also while it is being made', async () => {
    const { asked, snoops, start } = stage();
    const starting = start('s1', channel(BOSS), channel(AGENT), true);
    expect(await snoops.setWhispering('s1', false)).toEqual(done());
    await starting;
    expect(asked.filter((what) => /mute/.test(what))).toEqual(['mute snoop-s1-1']);
    await snoops.setWhispering('s1', true);
    expect(asked.at(-1)).toBe('unmute snoop-s1-1');
  });

  it('is made anew, with all others of its target, when that one has another partner', async () => {
    const { clock, asked, events, partners, snoops, start } = stage();
    const agent = channel(AGENT);
    partners.set(AGENT, 'customer');
    await start('s1', channel(BOSS), agent, true);
    await start('s2', channel(OTHER), agent);
    asked.length = 0;
    snoops.bridgeChanged('main');
    await clock.pass(1000);
    expect(asked).toEqual([]);
    partners.set(AGENT, null);
    snoops.bridgeChanged('main');
    partners.set(AGENT, 'colleague');
    snoops.bridgeChanged('main');
    await clock.pass(50);
    expect(asked).toEqual(['hang up snoop-s1-1', 'hang up snoop-s2-2']);
    for (const id of ['snoop-s1-1', 'snoop-s2-2']) snoops.left(id);
    await clock.pass(100);
    expect(asked.slice(2).toSorted()).toEqual(['add snoop-s1-3 to snoop-s1', 'add snoop-s2-4 to snoop-s2', 'mute snoop-s2-4', 'snoop agent by snoop-s1-3', 'snoop agent by snoop-s2-4']);
    expect(events).toEqual([]);
  });

  it('is made anew once more when the partner changes meanwhile, and not for a partner who came back', async () => {
    const { clock, asked, partners, snoops, start } = stage();
    partners.set(AGENT, 'customer');
    await start('s1', channel(BOSS), channel(AGENT));
    asked.length = 0;
    for (const partner of ['colleague', 'customer']) {
      partners.set(AGENT, partner);
      snoops.bridgeChanged('main');
    }
    await settle();
    await clock.pass(1000);
    expect(asked.filter((what) => what.startsWith('snoop'))).toEqual(['snoop agent by snoop-s1-2']);
  });
});

describe('failure: a snoop on Asterisk', () => {
  it('whose bridge cannot be made leaves nothing behind, and tells of no end', async () => {
    const { asked, events, start } = stage({ bridges: false });
    expect(await start('s1', channel(BOSS), channel(AGENT))).toMatchObject({ error: { code: 'switch.failed' } });
    expect(asked).toEqual(expect.arrayContaining(['hang up snoop-s1-1', 'destroy snoop-s1']));
    expect(events).toEqual([]);
  });

  it.each(['target', 'listener'] as const)('whose %s ends while it is being made is a channel gone', async (who) => {
    const { clock, asked, events, snoops, start } = stage({ enters: false });
    const parties = { listener: channel(BOSS), target: channel(AGENT) };
    const starting = start('s1', parties.listener, parties.target);
    await clock.pass(10);
    snoops.channelEnded(parties[who]);
    expect(await starting).toMatchObject({ error: { code: 'switch.channel-gone' } });
    expect(asked).not.toContain('add boss to snoop-s1');
    expect(events).toEqual([]);
  });

  it('that nobody knows is hung up when it comes; word of another’s end changes nothing', async () => {
    const { asked, snoops } = stage();
    snoops.entered('snoop-old-7');
    snoops.left('anybody');
    snoops.stop('none');
    expect(asked).toEqual(['hang up snoop-old-7']);
    expect(await snoops.setWhispering('none', true)).toMatchObject({ error: { code: 'not-found' } });
  });

  it('that Asterisk has lost is over, once', async () => {
    const { events, snoops, start } = stage();
    await start('s1', channel(BOSS), channel(AGENT));
    snoops.left('snoop-s1-1');
    snoops.left('snoop-s1-1');
    expect(events).toEqual([{ type: 'snoop.ended', snoopId: 's1', channelId: 'boss' }]);
  });
});
