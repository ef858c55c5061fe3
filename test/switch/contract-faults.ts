import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { must, Stage, TONES, type MakeSwitch } from './stage.ts';

/** What goes wrong with phones, networks, files and callers of the port, and what must then hold. */
export function describeFaults(name: string, make: MakeSwitch): void {
  describe(`${name} switch`, () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await Stage.open(make);
    });
    afterEach(() => stage.close());

    describe('failure: the network', () => {
      it('keeps the audio of a call whose phone lost its connection, and goes on over a new one', async () => {
        const { parties } = await stage.bridged('1001', 'c1');
        const [agent, customer] = parties;
        await agent?.phone.dropConnection();
        await stage.event('endpoint.changed', (event) => event.user === '1001' && !event.registered);
        await customer?.call.hears(TONES['1001']);
        await agent?.phone.reconnect();
        await agent?.call.renegotiate('sendonly');
        await stage.event('channel.held', (event) => event.channelId === agent?.channelId);
        await agent?.call.renegotiate('sendrecv');
        await customer?.call.hears(TONES['1001']);
        must(await stage.port.hangUp(agent?.channelId ?? '', 'normal'));
        await agent?.call.ended();
      });

      it('ends a call whose phone does not come back in time', async () => {
        const phone = await stage.registered('c1');
        const { call, channelId } = await stage.connect(phone);
        call.media?.close();
        await phone.dropConnection();
        await stage.event('endpoint.changed', (event) => event.user === 'c1' && !event.registered);
        expect(must(await stage.port.listChannels())).toHaveLength(1);
        expect(await stage.ended(channelId)).toBe('networkLost');
      });

      it('ends a call of a phone that is heard, but cannot be told anything any more', async () => {
        const phone = await stage.registered('c1');
        const { channelId } = await stage.connect(phone);
        await phone.dropConnection();
        expect(await stage.ended(channelId)).toBe('networkLost');
      });

      it('lets the center hang up a call whose phone is away', async () => {
        const phone = await stage.registered('c1');
        const { channelId } = await stage.connect(phone);
        await phone.dropConnection();
        await stage.event('endpoint.changed', (event) => event.user === 'c1' && !event.registered);
        must(await stage.port.hangUp(channelId, 'normal'));
        expect(await stage.ended(channelId)).toBe('normal');
      });

      it('ends a call that was not yet answered at once', async () => {
        const phone = await stage.registered('c1');
        const { channel } = await stage.dial(phone, '15880000');
        await phone.dropConnection();
        expect(await stage.ended(channel.channelId)).toBe('networkLost');
      });

      it('finds a phone that vanished while ringing unreachable', async () => {
        const phone = await stage.registered('1001');
        const channelId = stage.newId('channel');
        must(await stage.originate('1001', { channelId }));
        await phone.incoming();
        await phone.dropConnection();
        expect(await stage.ended(channelId)).toBe('unreachable');
      });
    });

    describe('failure: who may call', () => {
      it('refuses a wrong password, and registers nobody', async () => {
        await expect(stage.phone('1001', { password: 'wrong' }).register()).rejects.toThrow(/40[13]/);
        expect(stage.port.isRegistered('1001')).toBe(false);
      });

      it('refuses a call with a wrong password', async () => {
        const call = await stage.phone('1001', { password: 'wrong' }).call('15880000');
        expect([401, 403, 407]).toContain((await call.ended()).status);
        expect(stage.events.some((event) => event.type === 'channel.arrived')).toBe(false);
      });
    });

    describe('failure: commands', () => {
      it('answers commands on a channel or bridge that is gone, by code', async () => {
        const { port } = stage;
        const gone = await Promise.all([
          port.ring('none'), port.answer('none'), port.hangUp('none', 'normal'), port.joinBridge('none', 'none'), port.leaveBridge('none'),
          port.play('p', 'none', { kind: 'tone', tone: 'beep' }, false), port.beep('none'), port.startMusic('none'), port.stopMusic('none'),
          port.setMuted('none', true), port.sendDigits('none', '1'),
        ]);
        expect(gone.map((result) => (result.ok ? 'ok' : result.error.code))).toEqual(gone.map(() => 'switch.channel-gone'));
        const { channelId } = await stage.connect(await stage.registered('c1'));
        const noBridge = await Promise.all([port.joinBridge('none', channelId), port.destroyBridge('none'), port.startRecording('r', 'none', join(stage.folder, 'r.wav'))]);
        expect(noBridge.map((result) => (result.ok ? 'ok' : result.error.code))).toEqual(noBridge.map(() => 'switch.bridge-gone'));
        expect((await port.stopPlayback('none')).ok).toBe(true);
        expect((await port.stopRecording('none')).ok).toBe(false);
        expect((await port.transferProgress('none', 'failed')).ok).toBe(false);
      });

      it('answers twice-told commands without harm', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        expect((await stage.port.answer(channelId)).ok).toBe(false);
        must(await stage.port.createBridge('b'));
        expect((await stage.port.createBridge('b')).ok).toBe(false);
        must(await stage.port.joinBridge('b', channelId));
        must(await stage.port.joinBridge('b', channelId));
        must(await stage.port.leaveBridge(channelId));
        must(await stage.port.leaveBridge(channelId));
        expect(call.isUp).toBe(true);
        must(await stage.port.hangUp(channelId, 'normal'));
        expect((await stage.port.hangUp(channelId, 'normal')).ok).toBe(false);
      });

      it.each(['missing', 'empty', 'false-length', 'executable', '../greeting', 'a/b', ''])('refuses to play the file %j', async (file) => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        expect((await stage.port.play('p', channelId, { kind: 'announcement', name: file }, false)).ok).toBe(false);
        expect(call.isUp).toBe(true);
      });

      it('plays nothing to a channel in a bridge', async () => {
        const { parties } = await stage.bridged('1001', 'c1');
        expect((await stage.port.play('p', parties[0]?.channelId ?? '', { kind: 'tone', tone: 'beep' }, false)).ok).toBe(false);
        expect((await stage.port.startMusic(parties[0]?.channelId ?? '')).ok).toBe(false);
      });

      it.each(['Z', '1'.repeat(500), '1\r\n', '１'])('refuses the keys %j', async (digits) => {
        const { channelId } = await stage.connect(await stage.registered('c1'));
        expect((await stage.port.sendDigits(channelId, digits)).ok).toBe(false);
      });

      it('refuses a recording that cannot be written', async () => {
        const { bridgeId } = await stage.bridged('1001', 'c1');
        expect((await stage.port.startRecording('r', bridgeId, join(stage.folder, 'no', 'such', 'folder.wav'))).ok).toBe(false);
      });

      it.each([
        { 'X-Sangdam-A': 'x\r\nInjected: yes' },
        { 'Contact': 'sip:evil' },
        { 'X-Sangdam-A: b\r\nInjected': 'x' },
      ])('refuses headers that could inject others: %j', async (headers) => {
        const phone = await stage.registered('1001');
        expect((await stage.originate('1001', { headers: { ...headers } })).ok).toBe(false);
        expect(phone.calls).toEqual([]);
      });

      it.each(['evil" <sip:x@y>', 'a\r\nInjected: yes', '\u202eright to left', '<b>html</b>', '\ud800 lone', '가'.repeat(500)])('shows the caller name %j as text', async (callerName) => {
        const phone = await stage.registered('1001');
        must(await stage.originate('1001', { callerName, callerNumber: '1002' }));
        const call = await phone.incoming();
        expect(call.callerNumber).toBe('1002');
        expect(call.header('Injected')).toBe(null);
        expect(call.callerName.length).toBeLessThanOrEqual(128);
      });

      it.each(['1002>;x=<', '1002@evil', '', '1;2', '1\r\n2'])('refuses the caller number %j', async (callerNumber) => {
        await stage.registered('1001');
        expect((await stage.originate('1001', { callerNumber })).ok).toBe(false);
      });
    });

    describe('failure: the switch itself', () => {
      it('ends every call when it stops, and says so', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        await stage.port.stop();
        await call.ended();
        expect(await stage.ended(channelId)).toBe('normal');
        await stage.event('switch.changed', (event) => !event.available);
        expect(stage.port.available).toBe(false);
        expect(await stage.originate('1001')).toMatchObject({ ok: false, error: { code: 'switch.unavailable' } });
      });

      it('survives a listener that throws', async () => {
        stage.port.onEvent(() => {
          throw new Error('listener');
        });
        await stage.registered('1001');
        await stage.event('endpoint.changed');
      });

      it('tells nothing to a listener that was disposed of', async () => {
        const heard: string[] = [];
        const dispose = stage.port.onEvent((event) => heard.push(event.type));
        dispose();
        dispose();
        await stage.registered('1001');
        await stage.event('endpoint.changed');
        expect(heard).toEqual([]);
      });
    });
  });
}
