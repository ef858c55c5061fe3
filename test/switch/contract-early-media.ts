import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/sip-phone/index.ts';
import { GREETING_HZ, must, Stage, TONES, type MakeSwitch } from './stage.ts';

/** What a caller is told and hears before the answer. */
export function describeEarlyMedia(name: string, make: MakeSwitch): void {
  describe(`${name} switch, before the answer`, () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await Stage.open(make);
    });
    afterEach(() => stage.close());

    it('tells a caller by 180 that it rings, and sends no audio', async () => {
      const { call, channel } = await stage.dial(await stage.registered('c1'), '15880000');
      must(await stage.port.ring(channel.channelId));
      await call.ringing();
      expect(call.progress).not.toContain(183);
      expect(call.media?.connected).toBe(false);
    });

    it('lets a caller hear a ringback tone of the number\'s own, and goes on as an answered call', async () => {
      const { call, channel } = await stage.dial(await stage.registered('c1'), '15880000');
      must(await stage.port.play('p1', channel.channelId, { kind: 'announcement', name: 'greeting' }, true));
      await until('183 Session Progress', () => call.progress.includes(183));
      await call.hears(GREETING_HZ);
      expect(call.isUp).toBe(false);
      expect(must(await stage.port.listChannels())).toMatchObject([{ state: 'incoming' }]);

      must(await stage.port.answer(channel.channelId));
      await call.answered();
      expect(await stage.event('playback.finished')).toMatchObject({ playbackId: 'p1', completed: false });
      await call.silent();
      const { bridgeId } = await stage.bridged('1001');
      must(await stage.port.joinBridge(bridgeId, channel.channelId));
      await call.hears(TONES['1001'], [GREETING_HZ]);
      await call.hold();
      await stage.event('channel.held');
      await call.resume();
      await call.hears(TONES['1001']);
    });

    it('plays a tone, then an announcement to its end', async () => {
      const { call, channel } = await stage.dial(await stage.registered('c1'), '15880000');
      must(await stage.port.play('p1', channel.channelId, { kind: 'tone', tone: 'ringback' }, true));
      await call.hears([440, 480]);
      must(await stage.port.play('p2', channel.channelId, { kind: 'announcement', name: 'greeting' }, false));
      expect(await stage.event('playback.finished', (event) => event.playbackId === 'p2')).toMatchObject({ completed: true });
      expect(call.isUp).toBe(false);
    });

    it('hears keys and voice of a caller only once they are answered', async () => {
      const { call, channel } = await stage.dial(await stage.registered('c1'), '15880000');
      must(await stage.port.play('p1', channel.channelId, { kind: 'announcement', name: 'greeting' }, true));
      await call.hears(GREETING_HZ);
      const { bridgeId, parties } = await stage.bridged('1001');
      expect((await stage.port.joinBridge(bridgeId, channel.channelId)).ok).toBe(false);
      await parties[0]?.call.silent();
      must(await stage.port.answer(channel.channelId));
      must(await stage.port.joinBridge(bridgeId, channel.channelId));
      await parties[0]?.call.hears(TONES.c1);
    });

    it('plays the tones of a line that is busy, and of a call that cannot be carried', async () => {
      const { call, channel } = await stage.dial(await stage.registered('c1'), '15880000');
      must(await stage.port.play('p1', channel.channelId, { kind: 'tone', tone: 'busy' }, true));
      await call.hears([480, 620], [440]);
      must(await stage.port.play('p2', channel.channelId, { kind: 'tone', tone: 'congestion' }, true));
      await call.hears([480, 620], [440]);
      expect(call.progress).toContain(183);
      expect(call.isUp).toBe(false);
    });

    /** A phone dials outside, and what it dials is heard before it answers. */
    const heardEarly = async () => {
      const far = await stage.registered('c1');
      const { call, channel } = await stage.dial(await stage.registered('1001'), '01000000001');
      const farId = randomUUID();
      must(await stage.port.originate({ channelId: farId, destination: { kind: 'trunk', number: '01000000001' }, callerNumber: '1001', callerName: '', ringTimeoutMs: 30_000 }));
      const called = await far.incoming();
      await called.speakEarly();
      await stage.event('channel.progressed', (event) => event.channelId === farId);
      return { call, channelId: channel.channelId, called, farId };
    };

    it('lets a caller hear what they dialled before it answers, and talk with it once it has', async () => {
      const { call, channelId, called, farId } = await heardEarly();
      must(await stage.port.ring(channelId));
      must(await stage.port.play('p1', channelId, { kind: 'tone', tone: 'ringback' }, true));
      await call.hears([440, 480]);
      must(await stage.port.hearEarly(channelId, farId));
      await call.hears(TONES.c1, [480]);
      expect([call.isUp, stage.events.filter(({ type }) => type === 'channel.answered')]).toEqual([false, []]);

      await called.answer();
      await stage.event('channel.answered', (event) => event.channelId === farId);
      await stage.port.answer(channelId);
      await stage.event('channel.answered', (event) => event.channelId === channelId);
      must(await stage.port.createBridge('talk'));
      must(await stage.port.joinBridge('talk', farId));
      must(await stage.port.joinBridge('talk', channelId));
      await Promise.all([call.hears(TONES.c1), called.hears(TONES['1001'])]);
      expect(must(await stage.port.listBridges()).map(({ bridgeId }) => bridgeId)).toEqual(['talk']);
    });

    it('lets a caller hear it at once, by a 183 of their own, without a tone before', async () => {
      const { call, channelId, farId } = await heardEarly();
      must(await stage.port.hearEarly(channelId, farId));
      await until('183 Session Progress', () => call.progress.includes(183));
      await call.hears(TONES.c1);
      expect(call.isUp).toBe(false);
    });

    it('lets somebody in a call hear whom they are about to consult', async () => {
      const { call, channelId, farId } = await heardEarly();
      must(await stage.port.answer(channelId));
      await call.answered();
      must(await stage.port.hearEarly(channelId, farId));
      await call.hears(TONES.c1);
      must(await stage.port.play('p1', channelId, { kind: 'announcement', name: 'greeting' }, true));
      await call.hears(GREETING_HZ, [TONES.c1]);
    });

    describe('failure: what is heard before it answers', () => {
      it('refuses after all: its cause is told, the caller hears why, and is refused with the same', async () => {
        const { call, channelId, called, farId } = await heardEarly();
        must(await stage.port.hearEarly(channelId, farId));
        await call.hears(TONES.c1);
        await called.reject(486);
        expect(await stage.ended(farId)).toBe('busy');
        must(await stage.port.play('p1', channelId, { kind: 'tone', tone: 'busy' }, true));
        await call.hears([480, 620]);
        must(await stage.port.hangUp(channelId, 'busy'));
        expect((await call.ended()).status).toBe(486);
      });

      it('is hung up on by the caller: nothing is left of either', async () => {
        const { call, channelId, called, farId } = await heardEarly();
        must(await stage.port.hearEarly(channelId, farId));
        await call.hears(TONES.c1);
        await call.hangUp();
        expect(await stage.ended(channelId)).toBe('cancelled');
        must(await stage.port.hangUp(farId, 'cancelled'));
        await called.ended();
        expect(must(await stage.port.listChannels())).toEqual([]);
      });

      it('is nothing yet: there is nothing to hear', async () => {
        await stage.registered('c1');
        const { channel } = await stage.dial(await stage.registered('1001'), '01000000001');
        const farId = randomUUID();
      must(await stage.port.originate({ channelId: farId, destination: { kind: 'trunk', number: '01000000001' }, callerNumber: '1001', callerName: '', ringTimeoutMs: 30_000 }));
        await stage.event('channel.ringing', (event) => event.channelId === farId);
        expect((await stage.port.hearEarly(channel.channelId, farId)).ok).toBe(false);
        expect((await stage.port.hearEarly(channel.channelId, 'nobody')).ok).toBe(false);
      });
    });

    describe('failure: a call that is never answered', () => {
      it('ends with the caller who hangs up', async () => {
        const { call, channel } = await stage.dial(await stage.registered('c1'), '15880000');
        must(await stage.port.play('p1', channel.channelId, { kind: 'announcement', name: 'greeting' }, true));
        await call.hears(GREETING_HZ);
        await call.hangUp();
        expect(await stage.ended(channel.channelId)).toBe('cancelled');
        expect(await stage.event('playback.finished')).toMatchObject({ playbackId: 'p1', completed: false });
        expect((await stage.port.play('p2', channel.channelId, { kind: 'tone', tone: 'beep' }, false)).ok).toBe(false);
      });

      it('is refused with its cause', async () => {
        const { call, channel } = await stage.dial(await stage.registered('c1'), '15880000');
        must(await stage.port.play('p1', channel.channelId, { kind: 'announcement', name: 'greeting' }, true));
        await call.hears(GREETING_HZ);
        must(await stage.port.hangUp(channel.channelId, 'busy'));
        expect((await call.ended()).status).toBe(486);
      });

      it('is not hurt by an INVITE without an offer, which nothing can be played to yet', async () => {
        const call = await (await stage.registered('c1')).call('15880000', [], true);
        const { channel } = await stage.event('channel.arrived');
        must(await stage.port.play('p1', channel.channelId, { kind: 'announcement', name: 'greeting' }, true));
        must(await stage.port.answer(channel.channelId));
        await call.answered();
        must(await stage.port.play('p2', channel.channelId, { kind: 'announcement', name: 'greeting' }, true));
        await call.hears(GREETING_HZ);
      });
    });
  });
}
