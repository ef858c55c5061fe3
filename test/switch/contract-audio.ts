import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseWav } from '../../center/switch/wav.ts';
import { Ear } from '../support/sip-phone/listening.ts';
import { until } from '../support/sip-phone/index.ts';
import { BEEP_HZ, GREETING_HZ, MUSIC_HZ, must, Stage, TONES, type MakeSwitch } from './stage.ts';

/** Bridges, announcements, music, keys and recordings: the half of the contract that can be heard. */
export function describeAudio(name: string, make: MakeSwitch): void {
  describe(`${name} switch, audio`, () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await Stage.open(make);
    });
    afterEach(() => stage.close());

    describe('bridge', () => {
      it('lets two hear each other, and not themselves', async () => {
        const { bridgeId, parties } = await stage.bridged('1001', 'c1');
        const [agent, customer] = parties;
        await agent?.call.hears(TONES.c1, [TONES['1001']]);
        await customer?.call.hears(TONES['1001'], [TONES.c1]);
        expect(must(await stage.port.listBridges())).toEqual([{ bridgeId, channels: parties.map(({ channelId }) => channelId) }]);
      });

      it('lets three hear each other, and not themselves', async () => {
        const { parties } = await stage.bridged('1001', '1002', 'c1');
        const [first, second, customer] = parties;
        await first?.call.hears([TONES['1002'], TONES.c1], [TONES['1001']]);
        await second?.call.hears([TONES['1001'], TONES.c1], [TONES['1002']]);
        await customer?.call.hears([TONES['1001'], TONES['1002']], [TONES.c1]);
      });

      it('goes back from three to two when one hangs up', async () => {
        const { parties } = await stage.bridged('1001', '1002', 'c1');
        await parties[1]?.call.hangUp();
        await parties[0]?.call.hears(TONES.c1, [TONES['1002']]);
        await parties[2]?.call.hears(TONES['1001'], [TONES['1002']]);
      });

      it('joins phones of different laws', async () => {
        const bridgeId = stage.newId('bridge');
        must(await stage.port.createBridge(bridgeId));
        const muLaw = await stage.connect(await stage.registered('1001', { codec: 'pcmu' }));
        const aLaw = await stage.connect(await stage.registered('c1', { codec: 'pcma' }));
        must(await stage.port.joinBridge(bridgeId, muLaw.channelId));
        must(await stage.port.joinBridge(bridgeId, aLaw.channelId));
        await muLaw.call.hears(TONES.c1);
        await aLaw.call.hears(TONES['1001']);
      });

      it('moves a channel out of its former bridge', async () => {
        const { parties } = await stage.bridged('1001', 'c1');
        const other = stage.newId('bridge');
        must(await stage.port.createBridge(other));
        const third = await stage.connect(await stage.registered('1002'));
        must(await stage.port.joinBridge(other, third.channelId));
        must(await stage.port.joinBridge(other, parties[0]?.channelId ?? ''));
        await parties[0]?.call.hears(TONES['1002'], [TONES.c1]);
        await parties[1]?.call.silent();
      });

      it('leaves channels alive and apart when it is destroyed', async () => {
        const { bridgeId, parties } = await stage.bridged('1001', 'c1');
        must(await stage.port.destroyBridge(bridgeId));
        await parties[0]?.call.silent();
        expect(parties.every(({ call }) => call.isUp)).toBe(true);
        expect(must(await stage.port.listBridges())).toEqual([]);
      });

      it('does not hear who is muted, until unmuted', async () => {
        const { parties } = await stage.bridged('1001', 'c1');
        const [agent, customer] = parties;
        must(await stage.port.setMuted(agent?.channelId ?? '', true));
        await customer?.call.silent();
        await agent?.call.hears(TONES.c1);
        must(await stage.port.setMuted(agent?.channelId ?? '', false));
        await customer?.call.hears(TONES['1001']);
      });

      it('beeps in one ear, in place of what is said there', async () => {
        const { parties } = await stage.bridged('1001', 'c1');
        const [agent, customer] = parties;
        await Promise.all([agent?.call.hears(TONES.c1), customer?.call.hears(TONES['1001'])]);
        const gap = customer?.call.watch(TONES['1001']);
        await customer?.call.hears(TONES['1001']);
        must(await stage.port.beep(customer?.channelId ?? ''));
        await Promise.all([customer?.call.hears(BEEP_HZ), agent?.call.hears(TONES.c1, [BEEP_HZ])]);
        await Promise.all([customer?.call.hears(TONES['1001'], [BEEP_HZ]), agent?.call.hears(TONES.c1, [BEEP_HZ])]);
        expect(gap?.()).toBeGreaterThan(200);
      });

      it('beeps among three, to one', async () => {
        const { parties } = await stage.bridged('1001', '1002', 'c1');
        const [agent, other, customer] = parties;
        await Promise.all(parties.map(({ call }, i) => call.hears(TONES[i === 0 ? '1002' : '1001'])));
        must(await stage.port.beep(customer?.channelId ?? ''));
        await Promise.all([customer?.call.hears(BEEP_HZ), other?.call.hears(TONES['1001'], [BEEP_HZ]), agent?.call.hears(TONES['1002'], [BEEP_HZ])]);
        await customer?.call.hears([TONES['1001'], TONES['1002']], [BEEP_HZ]);
      });

      it('is silent for a party on hold, and whole again after', async () => {
        const { parties } = await stage.bridged('1001', 'c1');
        const [agent, customer] = parties;
        await agent?.call.hold();
        await Promise.all([agent?.call.silent(), customer?.call.silent()]);
        await agent?.call.resume();
        await Promise.all([agent?.call.hears(TONES.c1), customer?.call.hears(TONES['1001'])]);
      });

      it('loses no packet between two parties', async () => {
        const { parties } = await stage.bridged('1001', 'c1');
        await until('two seconds of audio', () => parties.every(({ call }) => call.counts.received > 100));
        expect(parties.map(({ call }) => call.counts.lost)).toEqual([0, 0]);
      });
    });

    describe('media renegotiated in a call', () => {
      it('goes on after the phone restarted ICE', async () => {
        const { parties } = await stage.bridged('1001', 'c1');
        const [agent, customer] = parties;
        await agent?.call.media?.restartIce();
        await agent?.call.renegotiate('sendrecv');
        await Promise.all([agent?.call.hears(TONES.c1), customer?.call.hears(TONES['1001'])]);
      });

      it('goes on with a peer connection made anew, as after a reload', async () => {
        const { bridgeId, parties } = await stage.bridged('1001', 'c1');
        const [agent, customer] = parties;
        await agent?.call.media?.startOver();
        await customer?.call.silent();
        if (stage.port.rejoin === 'reinvite') {
          await agent?.call.renegotiate('sendrecv');
          await Promise.all([agent?.call.hears(TONES.c1), customer?.call.hears(TONES['1001'])]);
          return;
        }
        // The phone is dialled again, and takes its former place.
        const channelId = stage.newId('channel');
        must(await stage.originate('1001', { channelId }));
        const again = await (await agent?.phone.incoming())?.answer();
        await stage.event('channel.answered', (event) => event.channelId === channelId);
        must(await stage.port.joinBridge(bridgeId, channelId));
        must(await stage.port.hangUp(agent?.channelId ?? '', 'normal'));
        await Promise.all([again?.hears(TONES.c1), customer?.call.hears(TONES['1001'])]);
      });

      it('begins with an INVITE that has no offer', async () => {
        const phone = await stage.registered('c1');
        const call = await phone.call('15880000', [], true);
        const { channel } = await stage.event('channel.arrived');
        must(await stage.port.answer(channel.channelId));
        await call.answered();
        must(await stage.port.startMusic(channel.channelId));
        await call.hears(MUSIC_HZ);
      });
    });

    describe('playback', () => {
      it('plays an announcement once and tells when it is over', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.play('p1', channelId, { kind: 'announcement', name: 'greeting' }, false));
        await call.hears(GREETING_HZ);
        expect(await stage.event('playback.finished')).toMatchObject({ playbackId: 'p1', channelId, completed: true });
        await call.silent();
      });

      it('repeats until it is stopped', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.play('p1', channelId, { kind: 'announcement', name: 'greeting' }, true));
        await until('longer than the announcement is', () => call.counts.received > 60);
        await call.hears(GREETING_HZ);
        must(await stage.port.stopPlayback('p1'));
        expect(await stage.event('playback.finished')).toMatchObject({ playbackId: 'p1', completed: false });
        await call.silent();
      });

      it('is over when another takes its place', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.play('p1', channelId, { kind: 'announcement', name: 'greeting' }, true));
        must(await stage.port.play('p2', channelId, { kind: 'tone', tone: 'ringback' }, true));
        expect(await stage.event('playback.finished')).toMatchObject({ playbackId: 'p1', completed: false });
        await call.hears([440, 480], [GREETING_HZ]);
      });

      it('plays busy tone and beep', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.play('p1', channelId, { kind: 'tone', tone: 'busy' }, true));
        await call.hears([480, 620]);
        must(await stage.port.play('p2', channelId, { kind: 'tone', tone: 'beep' }, false));
        await call.hears(BEEP_HZ);
        expect(await stage.event('playback.finished', (event) => event.playbackId === 'p2')).toMatchObject({ completed: true });
      });

      it('ends with its channel', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.play('p1', channelId, { kind: 'announcement', name: 'greeting' }, true));
        await call.hangUp();
        expect(await stage.event('playback.finished')).toMatchObject({ playbackId: 'p1', completed: false });
      });
    });

    describe('music', () => {
      it('plays until it is stopped', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.startMusic(channelId));
        await call.hears(MUSIC_HZ);
        must(await stage.port.stopMusic(channelId));
        await call.silent();
      });

      it('gives way to an announcement, and comes back', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.startMusic(channelId));
        must(await stage.port.play('p1', channelId, { kind: 'announcement', name: 'greeting' }, false));
        await call.hears(GREETING_HZ, [MUSIC_HZ]);
        await call.hears(MUSIC_HZ, [GREETING_HZ]);
      });

      it('stops when the channel joins a bridge', async () => {
        const { bridgeId } = await stage.bridged('1001');
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.startMusic(channelId));
        await call.hears(MUSIC_HZ);
        must(await stage.port.joinBridge(bridgeId, channelId));
        await call.hears(TONES['1001'], [MUSIC_HZ]);
      });
    });

    describe('waiting in a bridge', () => {
      it.each([false, true])('hears music there, and talks with who joins once it stops (music before: %s)', async (before) => {
        const { bridgeId, parties } = await stage.bridged();
        expect(parties).toEqual([]);
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        if (before) {
          must(await stage.port.startMusic(channelId));
          await call.hears(MUSIC_HZ);
        }
        must(await stage.port.waitInBridge(bridgeId, channelId));
        await call.hears(MUSIC_HZ);
        const agent = await stage.connect(await stage.registered('1001'));
        const [stopped, joined] = await Promise.all([stage.port.stopMusic(channelId), stage.port.joinBridge(bridgeId, agent.channelId)]);
        must(stopped);
        must(joined);
        await Promise.all([call.hears(TONES['1001'], [MUSIC_HZ]), agent.call.hears(TONES.c1)]);
      });

      it('is over when it leaves, or joins another bridge', async () => {
        const { bridgeId } = await stage.bridged();
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.waitInBridge(bridgeId, channelId));
        await call.hears(MUSIC_HZ);
        must(await stage.port.leaveBridge(channelId));
        await call.silent();
        must(await stage.port.waitInBridge(bridgeId, channelId));
        await call.hears(MUSIC_HZ);
        const other = await stage.bridged('1001');
        must(await stage.port.joinBridge(other.bridgeId, channelId));
        await Promise.all([call.hears(TONES['1001'], [MUSIC_HZ]), other.parties[0]?.call.hears(TONES.c1)]);
      });
    });

    describe('keys', () => {
      it.each<'rtp' | 'info'>(['rtp', 'info'])('pressed on the phone come by %s, each once', async (by) => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        await call.press('1#*90', by);
        const digits = (): string => stage.events.flatMap((event) => (event.type === 'channel.digit' && event.channelId === channelId ? [event.digit] : [])).join('');
        await until('all keys', () => digits().length >= 5);
        expect(digits()).toBe('1#*90');
      });

      it('are sent to a phone', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        must(await stage.port.sendDigits(channelId, '12*'));
        await until('all keys', () => call.digits.length >= 3);
        expect(call.digits).toBe('12*');
      });

      it('reach the other party of a bridge', async () => {
        const { parties } = await stage.bridged('1001', 'c1');
        await parties[0]?.call.press('7');
        await until('the key', () => parties[1]?.call.digits === '7');
        await parties[1]?.call.hears(TONES['1001']);
      });
    });

    describe('recording', () => {
      /** Samples. */
      const TENTH = 800;
      const heard = async (file: string, hz: number): Promise<boolean> => {
        const ear = new Ear();
        ear.push(must(parseWav(await readFile(file))));
        return ear.share(hz) > 0.1;
      };
      /** Whether a tone is in any tenth of a second of it. */
      const everHeard = async (file: string, hz: number): Promise<boolean> => {
        const samples = must(parseWav(await readFile(file)));
        return Array.from({ length: Math.floor(samples.length / TENTH) }, (_, n) => samples.slice(n * TENTH, (n + 1) * TENTH)).some((tenth) => {
          const ear = new Ear();
          ear.push(tenth);
          return ear.share(hz, TENTH) > 0.1;
        });
      };
      /** Milliseconds the file lasts, by its own header. */
      const durationOf = async (file: string): Promise<number> => must(parseWav(await readFile(file))).length / 8;

      it('holds what both parties say, in a WAV file with a true header', async () => {
        const { bridgeId, parties } = await stage.bridged('1001', 'c1');
        const file = join(stage.folder, 'recorded.wav');
        must(await stage.port.startRecording('r1', bridgeId, file));
        const from = parties[0]?.call.counts.received ?? 0;
        await until('a second of talk', () => (parties[0]?.call.counts.received ?? 0) > from + 50);
        must(await stage.port.stopRecording('r1'));
        const event = await stage.event('recording.finished');
        expect(event).toMatchObject({ recordingId: 'r1', file });
        expect(await durationOf(file)).toBe(event.durationMs);
        expect(event.durationMs).toBeGreaterThan(800);
        expect(await Promise.all([heard(file, TONES['1001']), heard(file, TONES.c1), heard(file, MUSIC_HZ)])).toEqual([true, true, false]);
      });

      it('leaves out what is said while paused', async () => {
        const { bridgeId, parties } = await stage.bridged('1001', 'c1');
        const [speaker, listener] = parties;
        const [before, paused, after] = [TONES['1001'], 1560, 2460];
        /** Said, and through the bridge by the time it is heard at the other end. */
        const says = async (hz: number, not: number[]): Promise<void> => {
          speaker?.call.says(hz);
          await listener?.call.hears(hz, not);
        };
        const file = join(stage.folder, 'recorded.wav');
        must(await stage.port.startRecording('r1', bridgeId, file));
        await says(before, []);
        must(await stage.port.pauseRecording('r1'));
        await says(paused, [before]);
        // What is on its way when it is resumed is heard, and recorded.
        await says(after, [paused]);
        must(await stage.port.resumeRecording('r1'));
        const from = listener?.call.counts.received ?? 0;
        await until('half a second of talk', () => (listener?.call.counts.received ?? 0) > from + 25);
        must(await stage.port.stopRecording('r1'));
        await stage.event('recording.finished');
        expect(await Promise.all([before, paused, after].map((hz) => everHeard(file, hz)))).toEqual([true, false, true]);
      });

      it('ends with its bridge', async () => {
        const { bridgeId } = await stage.bridged('1001', 'c1');
        must(await stage.port.startRecording('r1', bridgeId, join(stage.folder, 'recorded.wav')));
        must(await stage.port.destroyBridge(bridgeId));
        await stage.event('recording.finished', (event) => event.recordingId === 'r1');
      });
    });
  });
}
