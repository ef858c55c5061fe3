import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Microphone, type MicrophoneEvent } from '../../../../renderer/media/microphone.ts';
import { until } from '../../../support/until.ts';
import { FakeDevices } from './fakes.ts';

function withMicrophones(...ids: string[]) {
  const devices = new FakeDevices(...ids);
  const microphone = new Microphone({ access: devices });
  const events: MicrophoneEvent[] = [];
  const stopListening = microphone.onEvent((event) => events.push(event));
  const stopFollowing = microphone.follow();
  const warnings = () => events.flatMap((event) => (event.type === 'warning' ? [event.warning] : []));
  return { devices, microphone, events, warnings, stopListening, stopFollowing };
}

describe('the microphone', () => {
  it('is open while somebody uses it, and only then', async () => {
    const { devices, microphone } = withMicrophones('a');
    const [first, second] = await Promise.all([microphone.use(), microphone.use()]);
    expect(devices.tracks).toHaveLength(1);
    first();
    first();
    await microphone.check();
    expect(devices.open).toHaveLength(1);
    second();
    await until('it is closed', () => devices.open.length === 0);
    expect([microphone.track, microphone.state]).toEqual([null, 'ok']);
  });

  it('is replaced when another one is chosen', async () => {
    const { devices, microphone, events } = withMicrophones('a', 'b');
    await microphone.use();
    events.length = 0;
    microphone.choose('b');
    await until('b alone is open', () => devices.open.length === 1 && devices.open[0]?.deviceId === 'b');
    expect(events.map(({ type }) => type)).toEqual(['track']);
  });

  it('gives way to the default when it is unplugged, and comes back when it is plugged in again', async () => {
    const { devices, microphone, warnings } = withMicrophones('a', 'b');
    microphone.choose('b');
    await microphone.use();
    devices.plug('a');
    devices.tracks[0]?.end();
    await until('a is open', () => devices.open[0]?.deviceId === 'a');
    devices.plug('a', 'b');
    await until('b alone is open again', () => devices.open.length === 1 && devices.open[0]?.deviceId === 'b');
    expect(warnings()).toEqual(['microphoneReplaced']);
  });

  it('leaves no listener behind', async () => {
    const { devices, microphone, stopListening, stopFollowing } = withMicrophones('a');
    const release = await microphone.use();
    release();
    await until('it is closed', () => devices.open.length === 0);
    stopListening();
    stopFollowing();
    expect([microphone.listeners, devices.listening]).toEqual([0, 0]);
  });

  describe('failure:', () => {
    it.each([
      ['NotAllowedError', 'denied'],
      ['SecurityError', 'denied'],
      ['NotFoundError', 'missing'],
      ['NotReadableError', 'missing'],
    ])('%s means that it is %s', async (failure, state) => {
      const { devices, microphone } = withMicrophones('a');
      devices.failure = failure;
      expect(await microphone.check()).toBe(state);
    });

    it('is tried again while another program has it, and can be used soon after that lets go', async () => {
      vi.useFakeTimers();
      onTestFinished(() => void vi.useRealTimers());
      const { devices, microphone, stopFollowing } = withMicrophones('a');
      devices.failure = 'NotReadableError';
      expect(await microphone.check()).toBe('missing');
      await vi.advanceTimersByTimeAsync(7000);
      expect(microphone.state).toBe('missing');
      devices.failure = null;
      await vi.advanceTimersByTimeAsync(3000);
      expect([microphone.state, devices.open.length]).toEqual(['ok', 0]);
      stopFollowing();
      devices.failure = 'NotReadableError';
      await microphone.check();
      await vi.advanceTimersByTimeAsync(20_000);
      expect(devices.tracks).toHaveLength(1);
      devices.failure = null;
      await vi.advanceTimersByTimeAsync(20_000);
      expect([microphone.state, devices.tracks.length]).toEqual(['missing', 1]);
    });

    it('says once that another program has it when a call needs it, and not at a mere look', async () => {
      vi.useFakeTimers();
      onTestFinished(() => void vi.useRealTimers());
      const { devices, microphone, warnings, stopFollowing } = withMicrophones('a');
      devices.failure = 'NotReadableError';
      await microphone.check();
      expect([warnings(), microphone.busy]).toEqual([[], true]);
      const release = await microphone.use();
      await vi.advanceTimersByTimeAsync(4000);
      expect(warnings()).toEqual(['microphoneBusy']);
      devices.failure = null;
      await vi.advanceTimersByTimeAsync(1000);
      expect([microphone.busy, microphone.track?.readyState, warnings()]).toEqual([false, 'live', ['microphoneBusy']]);
      release();
      stopFollowing();
    });

    it('is denied where the address is not secure', async () => {
      expect(await new Microphone({ access: null }).check()).toBe('denied');
    });

    it('warns once when the chosen one is away, not at every call', async () => {
      const { microphone, warnings } = withMicrophones('a');
      microphone.choose('gone');
      await microphone.check();
      await microphone.check();
      expect(warnings()).toEqual(['microphoneReplaced']);
    });

    it('says that there is none left when the last one is unplugged, and goes on with the next', async () => {
      const { devices, microphone, warnings } = withMicrophones('a');
      await microphone.use();
      devices.plug();
      devices.tracks[0]?.end();
      await until('it is missing', () => microphone.state === 'missing');
      expect(warnings()).toEqual(['microphoneGone']);
      devices.plug('c');
      await until('c is open', () => devices.open[0]?.deviceId === 'c');
      expect(microphone.state).toBe('ok');
    });
  });
});
