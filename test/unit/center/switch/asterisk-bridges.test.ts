import { describe, expect, it } from 'vitest';
import { Bridges } from '../../../../center/switch/asterisk/bridges.ts';
import { newChannel } from '../../../../center/switch/asterisk/channel.ts';
import type { AriClient } from '../../../../center/switch/asterisk/ari/client.ts';
import { done, type Result } from '../../../../contract/errors.ts';
import { TestClock } from '../center-stage.ts';

/** Two bridges of an Asterisk that does as it is told, and somebody who waits for the first. */
async function waiting() {
  const asked: string[] = [];
  const answer = (what: string) => (...ids: string[]): Promise<Result<null>> => {
    asked.push([what, ...ids].join(' '));
    return Promise.resolve(done());
  };
  const client: Pick<AriClient, 'createBridge' | 'destroyBridge' | 'addToBridge' | 'removeFromBridge'> = {
    createBridge: answer('create'), destroyBridge: answer('destroy'), addToBridge: answer('add'), removeFromBridge: answer('remove'),
  };
  const bridges = new Bridges(client, new TestClock(), () => {});
  await bridges.create('a');
  await bridges.create('b');
  const channel = newChannel({ id: 'c1', kind: 'phone', resource: 'c1', callerNumber: '', callerName: '', dialled: '', headers: {}, state: 'up' });
  asked.length = 0;
  expect(await bridges.wait('a', channel)).toEqual(done());
  return { bridges, channel, asked };
}

describe('who waits for a bridge of Asterisk', () => {
  it('counts as in it, and is let into it when told to join', async () => {
    const { bridges, channel, asked } = await waiting();
    expect(bridges.list()).toContainEqual({ bridgeId: 'a', channels: ['c1'] });
    expect(asked).toEqual([]);
    await bridges.join('a', channel);
    await bridges.join('a', channel);
    expect(asked).toEqual(['add a c1']);
  });

  it('leaves without Asterisk knowing, and joins another bridge as from nowhere', async () => {
    const { bridges, channel, asked } = await waiting();
    await bridges.leave(channel);
    expect([channel.bridgeId, asked]).toEqual([null, []]);
    await bridges.wait('a', channel);
    await bridges.join('b', channel);
    expect(asked).toEqual(['add b c1']);
    expect(bridges.list()).toContainEqual({ bridgeId: 'a', channels: [] });
  });

  it('leaves the bridge it was in', async () => {
    const { bridges, channel, asked } = await waiting();
    await bridges.join('a', channel);
    await bridges.wait('b', channel);
    expect([channel.bridgeId, asked]).toEqual(['b', ['add a c1', 'remove a c1']]);
  });

  it('goes on waiting after the connection to Asterisk was lost', async () => {
    const { bridges, channel, asked } = await waiting();
    bridges.adopt([{ id: 'a', name: 'sangdam', creator: 'Stasis', channels: [] }, { id: 'b', name: 'sangdam', creator: 'Stasis', channels: [] }], new Map([['c1', channel]]));
    await bridges.join('a', channel);
    expect(asked).toEqual(['add a c1']);
  });

  it('failure: the bridge is gone, or went while the connection was lost', async () => {
    const { bridges, channel } = await waiting();
    expect(await bridges.wait('c', channel)).toMatchObject({ error: { code: 'switch.bridge-gone' } });
    bridges.adopt([], new Map([['c1', channel]]));
    expect(channel).toMatchObject({ bridgeId: null, waits: false });
    expect(await bridges.join('a', channel)).toMatchObject({ error: { code: 'switch.bridge-gone' } });
  });
});
