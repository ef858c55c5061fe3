import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/sip-phone/index.ts';
import { makeAsterisk } from './make-asterisk.ts';
import type { LogLines } from './make-embedded.ts';
import { must, Stage } from './stage.ts';

describe('the media of calls on Asterisk', () => {
  const NO_MEDIA = 'an answered channel has no media';
  let log: LogLines;
  let stage: Stage;

  beforeEach(async () => {
    log = [];
    stage = await Stage.open((fixtures) => makeAsterisk(fixtures, {}, log));
  });
  afterEach(() => stage.close());

  it('is looked at once each call: of one without any it is logged, and of one with some nothing is', async () => {
    const { call: heard, channelId: heardId } = await stage.connect(await stage.registered('1002'));
    const { call, channel } = await stage.dial(await stage.registered('1001'), '15880000');
    await until('its audio is there to be closed', () => call.media !== null);
    call.media?.close();
    must(await stage.port.answer(channel.channelId));
    await until('it is logged', () => log.some(({ message }) => message === NO_MEDIA));
    expect(log.filter(({ message }) => message === NO_MEDIA)).toEqual([{ message: NO_MEDIA, fields: { channelId: channel.channelId, endpoint: '1001', media: expect.stringMatching(/^RTP received 0, sent \d+$/) } }]);
    expect([heard.isUp, heardId === channel.channelId]).toEqual([true, false]);
  });
});
