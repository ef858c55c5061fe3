import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createFolderStore } from '../../center/media/folder.ts';
import { keepRecording, Media, soundOf } from '../../center/media/index.ts';
import { openStore } from '../../center/store/index.ts';
import { wavHeader, wavOf } from '../../center/switch/wav.ts';
import type { ChannelRecording, Sound, SwitchEvent } from '../../center/switch/port.ts';
import { fail, ok } from '../../contract/errors.ts';
import type { MediaObject } from '../../contract/media.ts';
import { systemClock } from '../../server/clock.ts';
import { Ear } from '../support/sip-phone/listening.ts';
import { until } from '../support/sip-phone/index.ts';
import { BEEP_HZ, GREETING_HZ, must, Stage, TONES, type MakeSwitch } from './stage.ts';

const OBJECT_HZ = 2140;
const KEY = Buffer.alloc(32, 7);
const sine = (hz: number, ms: number): Int16Array => Int16Array.from({ length: ms * 8 }, (_, i) => Math.round(8000 * Math.sin((2 * Math.PI * hz * i) / 8000)));

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Objects of a store of this test's own. */
async function mediaIn(folder: string): Promise<Media> {
  const store = await openStore({ file: join(folder, 'center.db'), key: KEY, clock: systemClock, logger: { info: () => {}, warn: () => {}, error: () => {} } });
  onTestFinished(() => store.close());
  return new Media({ db: store.db, store: createFolderStore(join(folder, 'media')), key: KEY, incoming: join(folder, 'media/incoming'), clock: systemClock });
}

const putWav = async (media: Media, wav: AsyncIterable<Uint8Array>): Promise<MediaObject> => must(await media.put({ kind: 'announcement', types: ['audio/wav'], mostBytes: 1e8, createdBy: null }, wav));
const putSound = (media: Media, samples: Int16Array): Promise<MediaObject> => putWav(media, once(wavOf(samples)));

async function* anHour(hz: number): AsyncGenerator<Uint8Array> {
  yield wavHeader(3600 * 16_000);
  const second = new Uint8Array(sine(hz, 1000).buffer);
  for (let n = 0; n < 3600; n++) yield second;
}

/** Objects that are played, and channels that are recorded: what the center keeps, on its way to and from a telephone. */
export function describeMedia(name: string, make: MakeSwitch): void {
  describe(`${name} switch, objects`, () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await Stage.open(make);
    });
    afterEach(() => stage.close());

    const finished = (playbackId: string) => stage.event('playback.finished', (event) => event.playbackId === playbackId);

    describe('played', () => {
      it('is heard from the store, to its end', async () => {
        const media = await mediaIn(stage.folder);
        const { mediaId } = await putSound(media, sine(OBJECT_HZ, 1500));
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.play('p1', channelId, soundOf(media, mediaId), false));
        await call.hears(OBJECT_HZ, [GREETING_HZ]);
        expect(await finished('p1')).toMatchObject({ channelId, completed: true });
      });

      it('is heard by several at once, again and again, until it is stopped; then nothing of it lies about', async () => {
        const media = await mediaIn(stage.folder);
        const { mediaId } = await putSound(media, sine(OBJECT_HZ, 700));
        const [first, second] = [await stage.connect(await stage.registered('c1')), await stage.connect(await stage.registered('1001'))];
        must(await stage.port.play('p1', first.channelId, soundOf(media, mediaId), true));
        must(await stage.port.play('p2', second.channelId, soundOf(media, mediaId), true));
        await Promise.all([first.call.hears(OBJECT_HZ), second.call.hears(OBJECT_HZ)]);
        must(await stage.port.stopPlayback('p1'));
        await first.call.silent();
        await second.call.hears(OBJECT_HZ);
        const from = second.call.counts.received;
        await until('two rounds', () => second.call.counts.received > from + 75);
        await second.call.hears(OBJECT_HZ);
        await second.call.hangUp();
        expect(await Promise.all(['p1', 'p2'].map(async (id) => (await finished(id)).completed))).toEqual([false, false]);
        await until('no file is left', async () => (await readdir(join(stage.folder, 'playing')).catch(() => [])).length === 0);
      });

      it('an hour of it begins at once and is stopped by the next', async () => {
        const media = await mediaIn(stage.folder);
        const { mediaId } = await putWav(media, anHour(OBJECT_HZ));
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.play('p1', channelId, soundOf(media, mediaId), false));
        await call.hears(OBJECT_HZ);
        must(await stage.port.play('p2', channelId, { kind: 'announcement', name: 'greeting' }, false));
        await call.hears(GREETING_HZ, [OBJECT_HZ]);
        expect((await finished('p1')).completed).toBe(false);
      });

      describe('failure:', () => {
        it.each<[string, Sound]>([
          ['is not there', { kind: 'object', id: 'gone', open: async () => fail('not-found', 'no such object') }],
          ['has an id that is a path', { kind: 'object', id: '../../etc/passwd', open: async () => fail('not-found', 'no such object') }],
        ])('an object that %s is an error of the command, and the call goes on', async (_what, sound) => {
          const { call, channelId } = await stage.connect(await stage.registered('c1'));
          expect((await stage.port.play('p1', channelId, sound, false)).ok).toBe(false);
          must(await stage.port.play('p2', channelId, { kind: 'announcement', name: 'greeting' }, false));
          await call.hears(GREETING_HZ);
        });

        it('an object that breaks off in the middle is over, and not completed, or is not begun', async () => {
          const { channelId } = await stage.connect(await stage.registered('c1'));
          const broken = async function* (): AsyncGenerator<Uint8Array> {
            const samples = sine(OBJECT_HZ, 400);
            yield new Uint8Array(samples.buffer);
            throw new Error('the store is gone');
          };
          const played = await stage.port.play('p1', channelId, { kind: 'object', id: 'broken', open: async () => ok(broken()) }, false);
          const completed = played.ok ? (await finished('p1')).completed : false;
          expect(completed).toBe(false);
        });
      });
    });

    describe('recorded', () => {
      /** What was handed over, as samples. */
      const heard: Int16Array[] = [];
      beforeEach(() => void heard.splice(0));
      const into: ChannelRecording['into'] = async (pcm) => {
        const pieces: Uint8Array[] = [];
        for await (const piece of pcm) pieces.push(piece);
        const bytes = Buffer.concat(pieces);
        heard.push(Int16Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i)));
        return ok(null);
      };
      const request = (channelId: string, more: Partial<ChannelRecording> = {}): ChannelRecording => ({ recordingId: 'r1', channelId, beep: false, longestMs: 60_000, silenceMs: null, stopKey: null, into, ...more });
      const recorded = (recordingId = 'r1'): Promise<Extract<SwitchEvent, { type: 'channel.recorded' }>> => stage.event('channel.recorded', (event) => event.recordingId === recordingId, 15_000);
      const share = (samples: Int16Array | undefined, hz: number): number => {
        const ear = new Ear();
        ear.push(samples ?? new Int16Array(0));
        return ear.share(hz);
      };
      /** Waits until the phone has sent so much more. */
      const said = async (call: { counts: { sent: number } }, packets: number): Promise<void> => {
        const from = call.counts.sent;
        await until('it has been said', () => call.counts.sent > from + packets);
      };

      it('holds what the channel says after the beep, and ends by its key', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.recordChannel(request(channelId, { beep: true, stopKey: '#' })));
        await call.hears(BEEP_HZ);
        await call.silent();
        await said(call, 75);
        await call.press('5');
        await stage.event('channel.digit', (event) => event.digit === '5');
        await said(call, 25);
        await call.press('#');
        const { reason, durationMs, kept } = await recorded();
        expect({ reason, kept, channelId }).toMatchObject({ reason: 'key', kept: true });
        expect(durationMs).toBeGreaterThan(1500);
        expect(heard[0]?.length).toBe(durationMs * 8);
        expect([share(heard[0], TONES.c1) > 0.5, share(heard[0], BEEP_HZ) < 0.05]).toEqual([true, true]);
      });

      it('ends by its length', async () => {
        const { channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.recordChannel(request(channelId, { longestMs: 2000 })));
        const { reason, durationMs } = await recorded();
        expect(reason).toBe('longest');
        // Asterisk takes a second by the clock for one.
        expect(Math.abs(durationMs - 2000)).toBeLessThan(1000);
      });

      it('ends by silence, which is not kept', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.recordChannel(request(channelId, { silenceMs: 2000 })));
        await said(call, 75);
        call.says(0);
        const { reason, durationMs, kept } = await recorded();
        expect({ reason, kept }).toEqual({ reason: 'silence', kept: true });
        expect(durationMs).toBeGreaterThan(1000);
        expect(share(heard[0]?.subarray(-2400), TONES.c1)).toBeGreaterThan(0.2);
      });

      it('ends with a command, with something else that is done with the channel, and with the channel', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.recordChannel(request(channelId)));
        await said(call, 50);
        must(await stage.port.stopChannelRecording('r1'));
        expect((await recorded()).reason).toBe('stopped');
        must(await stage.port.recordChannel(request(channelId, { recordingId: 'r2' })));
        await said(call, 50);
        must(await stage.port.play('p1', channelId, { kind: 'announcement', name: 'greeting' }, false));
        await call.hears(GREETING_HZ);
        expect((await recorded('r2')).reason).toBe('stopped');
        await finished('p1');
        must(await stage.port.recordChannel(request(channelId, { recordingId: 'r3' })));
        await said(call, 50);
        await call.hangUp();
        expect(await recorded('r3')).toMatchObject({ reason: 'hungUp', kept: true });
        expect(heard.map((samples) => share(samples, TONES.c1) > 0.5)).toEqual([true, true, true]);
        must(await stage.port.stopChannelRecording('r3'));
      });

      it('is an object of the store, which is played to somebody else', async () => {
        const media = await mediaIn(stage.folder);
        const speaker = await stage.connect(await stage.registered('c1'));
        const kept: MediaObject[] = [];
        const keep: ChannelRecording['into'] = async (pcm) => {
          const result = await keepRecording(media, pcm, null);
          if (result.ok) kept.push(result.value);
          return result;
        };
        must(await stage.port.recordChannel(request(speaker.channelId, { longestMs: 3000, into: keep })));
        expect(await recorded()).toMatchObject({ reason: 'longest', kept: true });
        const [object] = kept;
        if (object === undefined) throw new Error('nothing was kept');
        expect(object).toMatchObject({ kind: 'recording', type: 'audio/wav' });
        const { call, channelId } = await stage.connect(await stage.registered('1001'));
        must(await stage.port.play('p1', channelId, soundOf(media, object.mediaId), false));
        await call.hears(TONES.c1, [TONES['1001']]);
        expect((await finished('p1')).completed).toBe(true);
      });

      describe('failure:', () => {
        it('what refuses it is told as not kept', async () => {
          const { channelId } = await stage.connect(await stage.registered('c1'));
          must(await stage.port.recordChannel(request(channelId, { longestMs: 2000, into: async () => fail('store.unavailable', 'no room') })));
          expect(await recorded()).toMatchObject({ kept: false });
        });

        it('a channel in a bridge, one that is gone, and times that are none are refused', async () => {
          const { parties } = await stage.bridged('1001', 'c1');
          const [agent] = parties;
          expect(await stage.port.recordChannel(request(agent?.channelId ?? ''))).toMatchObject({ ok: false, error: { code: 'switch.failed' } });
          expect(await stage.port.recordChannel(request('nobody'))).toMatchObject({ ok: false, error: { code: 'switch.channel-gone' } });
          must(await stage.port.leaveBridge(agent?.channelId ?? ''));
          expect(await stage.port.recordChannel(request(agent?.channelId ?? '', { longestMs: 0 }))).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
          expect(await stage.port.recordChannel(request(agent?.channelId ?? '', { longestMs: 7200_000 }))).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
        });
      });
    });
  });
}
