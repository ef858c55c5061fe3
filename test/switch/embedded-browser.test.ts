import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { OutsidePhones, type OutsidePhone } from '../support/outside-phone/index.ts';
import { voices } from '../support/tones.ts';
import { makeEmbedded } from './make-embedded.ts';
import { must, PASSWORD, Stage, TONES } from './stage.ts';

describe('embedded switch, with JsSIP in Chromium', () => {
  let browser: Browser;
  let stage: Stage;
  let phones: OutsidePhones;
  let outside: OutsidePhone;

  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
  afterAll(() => browser.close());

  beforeEach(async () => {
    stage = await Stage.open((fixtures) => makeEmbedded(fixtures));
    phones = await OutsidePhones.serve(stage.sipUrl);
    outside = await phones.open(browser, 'customer1', { user: 'c1', password: PASSWORD });
  }, 30_000);
  afterEach(async () => {
    await outside.party.close();
    await phones.close();
    await stage.close();
  });

  it('refuses its registration with a wrong password', async () => {
    await expect(phones.open(browser, 'customer2', { user: '1002', password: 'wrong' })).rejects.toThrow(/40[13]/);
  });

  it('calls, talks, holds, presses keys and hangs up', async () => {
    const { bridgeId, parties } = await stage.bridged('1001');
    const agent = parties[0]?.call;
    const line = await outside.call('15880000');
    const { channel } = await stage.event('channel.arrived', (event) => event.channel.endpoint === 'c1');
    must(await stage.port.ring(channel.channelId));
    await outside.until(line, 'ringing');
    must(await stage.port.answer(channel.channelId));
    await outside.until(line, 'talking');
    must(await stage.port.joinBridge(bridgeId, channel.channelId));
    await agent?.hears(voices.customer1, [], 10_000);
    await outside.sendDigit(line, '5', 'RFC2833');
    await stage.event('channel.digit', ({ digit }) => digit === '5');
    await outside.sendDigit(line, '6', 'INFO');
    await stage.event('channel.digit', ({ digit }) => digit === '6');
    await outside.setHeld(line, true);
    await stage.event('channel.held');
    await agent?.silent();
    await outside.setHeld(line, false);
    await stage.event('channel.resumed');
    await agent?.hears(voices.customer1);
    await outside.hangUp(line);
    expect(await stage.ended(channel.channelId)).toBe('normal');
  });

  it('is called, answers, and transfers blind', async () => {
    const channelId = stage.newId('channel');
    must(await stage.originate('c1', { channelId, callerName: '대표번호' }));
    const { id, number } = await outside.rings();
    expect(number).toBe('15880000');
    await outside.answer(id);
    await stage.event('channel.answered', (event) => event.channelId === channelId);
    const { bridgeId } = await stage.bridged('1001');
    must(await stage.port.joinBridge(bridgeId, channelId));
    const asked = outside.transfer(id, '1002');
    const { transferId, to } = await stage.event('channel.transferRequested');
    expect(to).toBe('1002');
    must(await stage.port.transferProgress(transferId, 'trying'));
    must(await stage.port.transferProgress(transferId, 'succeeded'));
    expect(await asked).toBe('accepted');
    must(await stage.port.hangUp(channelId, 'normal'));
    await outside.until(id, 'ended');
  });

  it('hears the other party’s tone, and transfers attended', async () => {
    const { bridgeId } = await stage.bridged('1001');
    const first = await outside.call('15880000');
    const { channel } = await stage.event('channel.arrived', (event) => event.channel.endpoint === 'c1');
    must(await stage.port.answer(channel.channelId));
    await outside.until(first, 'talking');
    must(await stage.port.joinBridge(bridgeId, channel.channelId));
    const heard = await outside.party.page.evaluate((hz) => window.ears.listen({ presentHz: [hz], absentHz: [], steadyMs: 250, timeoutMs: 10_000 }), TONES['1001']);
    expect(heard.ok).toBe(true);
    const second = await outside.call('1002');
    const { channel: other } = await stage.event('channel.arrived', (event) => event.channel.dialled === '1002');
    must(await stage.port.answer(other.channelId));
    await outside.until(second, 'talking');
    const asked = outside.transfer(first, '1002', second);
    const { transferId, replaces } = await stage.event('channel.transferRequested');
    expect(replaces).toBe(other.channelId);
    must(await stage.port.transferProgress(transferId, 'failed'));
    expect(await asked).toBe('failed');
  });
});
