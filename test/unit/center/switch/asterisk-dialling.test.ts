import { describe, expect, it } from 'vitest';
import { dial } from '../../../../center/switch/asterisk/dialling.ts';
import type { Channel } from '../../../../center/switch/asterisk/channel.ts';
import type { AsteriskSwitchOptions } from '../../../../center/switch/asterisk/index.ts';
import { done, fail, type Result } from '../../../../contract/errors.ts';

const request = { channelId: 'to-1001', destination: { kind: 'endpoint', user: '1001' }, callerNumber: '1', callerName: '', ringTimeoutMs: 1000 } as const;

/** An Asterisk that answers an originate so, and whether the core hears of the channel's end. */
async function rings(answer: Result<null>, isRegistered: boolean) {
  const all = new Map<string, Channel>();
  const heard: string[] = [];
  const channels = {
    all,
    add: (channel: Channel) => void all.set(channel.id, channel),
    limitRinging: () => {},
    end: (channel: Channel, cause: string) => {
      all.delete(channel.id);
      if (channel.announced) heard.push(cause);
    },
  };
  const options = { trunk: () => null } as unknown as AsteriskSwitchOptions;
  const client = { originate: () => Promise.resolve(answer) } as unknown as Parameters<typeof dial>[0]['client'];
  const result = await dial({ options, client, channels, endpoints: { isRegistered: () => isRegistered } }, request);
  return { result, heard, left: all.size };
}

describe('a call over a trunk', () => {
  it('is dialled once it is in our application, and not before: Asterisk would not take it', async () => {
    const all = new Map<string, Channel>();
    const asked: string[] = [];
    const options = { trunk: (number: string) => ({ kind: 'trunk', endpoint: 'carrier', number }) } as unknown as AsteriskSwitchOptions;
    const told = (what: string) => Promise.resolve((asked.push(what), done()));
    const client = { createChannel: () => told('create'), dial: () => told('dial') } as unknown as Parameters<typeof dial>[0]['client'];
    const channels = { all, add: (channel: Channel) => void all.set(channel.id, channel), limitRinging: () => {}, end: () => {} };
    const dialling = dial({ options, client, channels, endpoints: { isRegistered: () => false } }, { ...request, destination: { kind: 'trunk', number: '0212345678' } });
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual(['create']);
    all.get('to-1001')?.onEntered();
    expect([await dialling, asked]).toEqual([done(), ['create', 'dial']]);
  });
});

describe('failure: an originate that Asterisk does not take', () => {
  it('is its own failing where the phone is registered: said by the answer alone, and nobody missed a call', async () => {
    expect(await rings(fail('switch.failed', 'Allocation failed'), true)).toMatchObject({ result: { error: { code: 'switch.failed' } }, heard: [], left: 0 });
  });

  it('so is a link that is down', async () => {
    expect(await rings(fail('switch.unavailable', 'no link'), true)).toMatchObject({ result: { error: { code: 'switch.unavailable' } }, heard: [], left: 0 });
  });

  it('is the phone’s where none is registered', async () => {
    expect(await rings(fail('switch.failed', 'Allocation failed'), false)).toEqual({ result: done(), heard: ['unreachable'], left: 0 });
  });

  it('that it takes is told by its events', async () => {
    expect(await rings(done(), true)).toEqual({ result: done(), heard: [], left: 1 });
  });
});
