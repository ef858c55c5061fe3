import { describe, expect, it } from 'vitest';
import { Ringer } from '../../../../renderer/media/ringer.ts';
import { Speaker, type SpeakerWarning } from '../../../../renderer/media/speaker.ts';
import { until } from '../../../support/until.ts';
import { FakeDevices, FakePlayer } from './fakes.ts';

function speakerOf(...speakers: string[]) {
  const devices = new FakeDevices();
  devices.plugSpeakers(...speakers);
  const browser = { blocked: false };
  const players: FakePlayer[] = [];
  const gestures = new EventTarget();
  const createPlayer = () => {
    const player = new FakePlayer(() => browser.blocked);
    players.push(player);
    return player;
  };
  const speaker = new Speaker({ access: devices, gestures, createPlayer });
  const warnings: SpeakerWarning[] = [];
  speaker.onWarning((warning) => warnings.push(warning));
  return { devices, speaker, players, gestures, warnings, browser };
}

describe('a speaker', () => {
  it('plays on the chosen device, and moves what plays when another is chosen', async () => {
    const { speaker, players } = speakerOf('a', 'b');
    speaker.choose('a');
    const stop = speaker.playFile('ring.wav', { loop: true });
    await until('it plays', () => players[0]?.playing);
    expect(players[0]?.sink).toBe('a');
    speaker.choose('b');
    await until('it moved', () => players[0]?.sink === 'b');
    stop();
    stop();
    expect([players[0]?.playing, speaker.players]).toEqual([false, 0]);
  });

  it('plays a file to its end, and tells', async () => {
    const { speaker, players } = speakerOf();
    let ended = false;
    speaker.playFile('ring.wav', { loop: false }, () => void (ended = true));
    await until('it plays', () => players[0]?.playing);
    players[0]?.dispatchEvent(new Event('ended'));
    expect([ended, speaker.players]).toEqual([true, 0]);
  });

  it('failure: what cannot be had is told, once, and plays no more', async () => {
    const { speaker, players } = speakerOf();
    const told: string[] = [];
    speaker.playFile('gone.wav', { loop: false }, () => void told.push('ended'), () => void told.push('failed'));
    await until('it plays', () => players[0]?.playing);
    players[0]?.dispatchEvent(new Event('error'));
    players[0]?.dispatchEvent(new Event('ended'));
    expect([told, speaker.players]).toEqual([['failed'], 0]);
  });

  it('does not begin what was stopped before it began', async () => {
    const { speaker, players } = speakerOf('a');
    speaker.choose('a');
    speaker.playFile('ring.wav', { loop: true })();
    await until('it was routed', () => players[0]?.sink === 'a');
    expect(players[0]?.playing).toBe(false);
  });

  it('rings as loud as set, softly beside a call, and not twice at once', () => {
    const { speaker, players } = speakerOf();
    const ringer = new Ringer(speaker);
    ringer.volume = 0.8;
    ringer.start(false);
    expect(players[0]?.volume).toBeCloseTo(0.8);
    ringer.start(true);
    expect(players).toHaveLength(1);
    expect(players[0]?.volume).toBeCloseTo(0.2);
    ringer.stop();
    expect([ringer.ringing, speaker.players]).toEqual([false, 0]);
  });

  describe('failure:', () => {
    it('plays on the default while the chosen device is away, with one warning', async () => {
      const { speaker, players, warnings, devices } = speakerOf('a');
      const stopFollowing = speaker.follow();
      speaker.choose('a');
      speaker.playFile('ring.wav', { loop: true });
      await until('it plays', () => players[0]?.playing);
      devices.plugSpeakers('b');
      await until('it moved', () => players[0]?.sink === '');
      devices.plugSpeakers('b', 'c');
      devices.plugSpeakers('a');
      await until('it is back', () => players[0]?.sink === 'a');
      expect(warnings).toEqual(['speakerReplaced']);
      stopFollowing();
      expect(devices.listening).toBe(0);
    });

    it('begins at the next click when the browser wants one first', async () => {
      const { speaker, players, warnings, gestures, browser } = speakerOf();
      browser.blocked = true;
      speaker.playFile('ring.wav', { loop: true });
      await until('it was told', () => warnings.length === 1);
      browser.blocked = false;
      gestures.dispatchEvent(new Event('pointerdown'));
      await until('it plays', () => players[0]?.playing);
      expect(warnings).toEqual(['playbackBlocked']);
    });
  });
});
