import { describe, expect, it } from 'vitest';
import { ChannelRecordings } from '../../../../center/switch/asterisk/channel-recordings.ts';
import type { SwitchEvent } from '../../../../center/switch/port.ts';
import { done } from '../../../../contract/errors.ts';
import { TestClock } from '../center-stage.ts';

describe('a recording of a channel on Asterisk', () => {
  it('that had not begun when it was stopped is stopped again, and does not go on for ever', async () => {
    const clock = new TestClock();
    const events: SwitchEvent[] = [];
    /** Stops that Asterisk answers and does not heed: it has taken the recording on and not begun. */
    let unheeded = 1;
    let isLive = false;
    const client = {
      play: () => Promise.resolve(done()),
      stopPlayback: () => Promise.resolve(done()),
      recordChannel: () => {
        isLive = true;
        return Promise.resolve(done());
      },
      liveRecording: () => {
        if (unheeded-- <= 0) isLive = false;
        return Promise.resolve(done());
      },
      hasLiveRecording: () => Promise.resolve(isLive),
      storedRecording: () => Promise.resolve(new Response(null, { status: 404 })),
      deleteStoredRecording: () => Promise.resolve(done()),
    };
    const subject = new ChannelRecordings({ client, clock, logger: { info: () => {}, warn: () => {} }, emit: (event) => events.push(event) });
    await subject.start({ recordingId: 'r1', channelId: 'c1', beep: false, longestMs: 60_000, silenceMs: null, stopKey: null, into: () => Promise.resolve(done()) });
    subject.stop('r1');
    for (let second = 0; second < 5 && events.length === 0; second++) await clock.pass(1000);
    expect(events).toEqual([{ type: 'channel.recorded', recordingId: 'r1', channelId: 'c1', reason: 'stopped', durationMs: 0, kept: false }]);
  });
});
