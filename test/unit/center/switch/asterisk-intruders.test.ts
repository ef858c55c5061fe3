import { describe, expect, it } from 'vitest';
import type { AriBridge, AriChannel } from '../../../../center/switch/asterisk/ari/messages.ts';
import { newChannel, type Channel } from '../../../../center/switch/asterisk/channel.ts';
import { Intruders } from '../../../../center/switch/asterisk/intruders.ts';
import { done } from '../../../../contract/errors.ts';

const ari = (id: string, name = `PJSIP/${id}-00000001`, does: readonly [app: string, data: string] = ['Stasis', 'sangdam,phone,'], context = 'sangdam-phones'): AriChannel => ({ id, name, state: 'Up', caller: { name: '', number: '' }, connected: { name: '', number: '' }, dialplan: { context, exten: 's', app_name: does[0], app_data: does[1] } });
const bridge = (channels: string[], creator = 'Stasis'): AriBridge => ({ id: 'main', name: 'sangdam', creator, channels });

/** A call of two in a bridge of ours, and what Asterisk is asked. */
function stage() {
  const asked: string[] = [];
  const say = (what: string) => {
    asked.push(what);
    return Promise.resolve(done());
  };
  const channel = (id: string): [string, Channel] => [id, { ...newChannel({ id, kind: 'to-phone', resource: id, callerNumber: id, callerName: '', dialled: '', headers: {}, state: 'up' }), bridgeId: 'main' }];
  const channels = new Map([channel('agent'), channel('customer')]);
  const intruders = new Intruders({ app: 'sangdam', client: { hangUp: (id) => say(`hang up ${id}`), addToBridge: (to, id) => say(`add ${id} to ${to}`) }, channels, logger: { info: () => {}, warn: (_fields, message) => asked.push(message) } });
  return { asked, channels, intruders };
}

describe('who takes a place in a call past the center', () => {
  it('is hung up at once, and who was put out is let in again', async () => {
    const { asked, intruders } = stage();
    await intruders.entered(ari('stranger'), bridge(['customer', 'stranger']));
    expect(asked).toEqual([expect.stringContaining('Replaces'), 'hang up stranger', 'add agent to main']);
  });

  it('is not who was told of, what listens in for us, or somebody in a bridge that is none of ours', async () => {
    const { asked, intruders } = stage();
    await intruders.entered(ari('agent'), bridge(['agent', 'customer']));
    await intruders.entered(ari('ear', 'Snoop/agent-00000001'), bridge(['agent', 'customer', 'ear']));
    await intruders.entered(ari('other'), bridge(['other'], ''));
    expect(asked).toEqual([]);
  });

  it('is hung up also in no bridge, when a second look finds the same', async () => {
    const { asked, intruders } = stage();
    const elsewhere = [['Dial', 'PJSIP/fax'], ['Playback', 'hello'], ['Stasis', 'another,phone,'], ['', '']] as const;
    const found = [
      ari('agent'), ari('stranger'), ari('rung', 'PJSIP/1002-00000002', ['AppDial2', '(Outgoing Line)']), ari('local', 'Local/s@sangdam-away'),
      ...elsewhere.map((does, i) => ari(`elsewhere ${i}`, `PJSIP/other-0000001${i}`, does)), ari('dialled by others', 'PJSIP/3001-00000003', ['AppDial2', '(Outgoing Line)'], 'office'),
    ];
    await intruders.listed([...found, ari('just come')]);
    expect(asked).toEqual([]);
    await intruders.listed(found);
    expect(asked.filter((what) => what.startsWith('hang up'))).toEqual(['hang up stranger', 'hang up rung']);
    await intruders.listed([ari('just come')]);
    expect(asked).toHaveLength(4);
  });
});
