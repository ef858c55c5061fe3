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
