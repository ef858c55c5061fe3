import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { DeskStage } from '../support/desk-stage.ts';
import { CUSTOMER_NUMBER, must, TONES } from '../switch/stage.ts';
import { ringback, voices } from '../support/tones.ts';
import { until } from '../support/until.ts';

/** The audio of the desk's window, step by step, on everything real but the core. */
describe('the audio of a desk', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it('rings and notifies while an offer lasts, and stops at its end', async () => {
    const stage = await DeskStage.open(browser);
    await stage.ring();
    await Promise.all([stage.desk.party.hearsRinging(), stage.desk.party.isNotified(' · 010-0000-0001')]);
    stage.forget();
    await until('it is silent', async () => (await stage.desk.page.evaluate(() => window.ears.listen({ presentHz: [], absentHz: [523, 784], steadyMs: 300, timeoutMs: 3000 }))).ok);
    expect(await stage.left()).toEqual({ peers: 0, microphones: 0 });
  });

  it('talks, mutes, holds, resumes, sends digits, and leaves nothing open afterwards', async () => {
    const stage = await DeskStage.open(browser);
    const { colleague, channelId } = await stage.talk();
    const { desk, office } = stage;

    await desk.press('Mute');
    await Promise.all([colleague.silent(), stage.hears()]);
    await desk.press('Mute');
    await colleague.hears(voices.agent1);

    await desk.press('Hold');
    await office.telephone.event('channel.held', (event) => event.channelId === channelId);
    stage.say('held');
    await Promise.all([colleague.silent(), stage.hearsNot()]);
    await desk.press('Resume');
    await office.telephone.event('channel.resumed', (event) => event.channelId === channelId);
    stage.say('talking');
    await Promise.all([colleague.hears(voices.agent1), stage.hears()]);

    await desk.sendKeys('159#');
    for (const digit of '159#') await office.telephone.event('channel.digit', (event) => event.channelId === channelId && event.digit === digit);
    expect(office.telephone.events.flatMap((event) => (event.type === 'channel.digit' ? [event.digit] : [])).join('')).toBe('159#');

    await desk.press('Hang up');
    await office.telephone.ended(channelId);
    await stage.leavesNothing();
  });

  it('dials out', async () => {
    const stage = await DeskStage.open(browser);
    const { telephone } = stage.office;
    const { bridgeId, parties } = await telephone.bridged('1001');
    await stage.desk.dial('1002');
    const { channel } = await telephone.event('channel.arrived', (event) => event.channel.dialled === '1002');
    await telephone.port.answer(channel.channelId);
    await telephone.port.joinBridge(bridgeId, channel.channelId);
    await Promise.all([stage.hears(), parties[0]?.call.hears(voices.agent1, [], 10_000)]);
    await telephone.port.hangUp(channel.channelId, 'normal');
    await stage.leavesNothing();
  });

  it('hears ringback, what is dialled before it answers, and the busy tone, before there is a call', async () => {
    const stage = await DeskStage.open(browser);
    const { telephone } = stage.office;
    const hears = (presentHz: readonly number[], absentHz: readonly number[]) => stage.desk.page.evaluate((what) => window.ears.listen(what), { presentHz: [...presentHz], absentHz: [...absentHz], steadyMs: 150, timeoutMs: 20_000 });
    const far = await telephone.registered('c1');
    await stage.desk.dial('1002');
    const { channel } = await telephone.event('channel.arrived', (event) => event.channel.dialled === '1002');
    must(await telephone.port.ring(channel.channelId));
    must(await telephone.port.play('p1', channel.channelId, { kind: 'tone', tone: 'ringback' }, true));
    expect(await hears(ringback, [620])).toMatchObject({ ok: true });

    must(await telephone.port.originate({ channelId: 'far', destination: { kind: 'trunk', number: CUSTOMER_NUMBER }, callerNumber: '1001', callerName: '', ringTimeoutMs: 30_000 }));
    const called = await far.incoming();
    await called.speakEarly();
    await telephone.event('channel.progressed');
    must(await telephone.port.hearEarly(channel.channelId, 'far'));
    expect(await hears([TONES.c1], ringback)).toMatchObject({ ok: true });

    must(await telephone.port.play('p2', channel.channelId, { kind: 'tone', tone: 'busy' }, true));
    expect(await hears([480, 620], [440, TONES.c1])).toMatchObject({ ok: true });
    expect(telephone.events.filter(({ type }) => type === 'channel.answered')).toEqual([]);
    must(await telephone.port.hangUp(channel.channelId, 'busy'));
    await stage.leavesNothing();
  });

  it('goes on with the audio of a call that was heard before its answer', async () => {
    const stage = await DeskStage.open(browser);
    const { telephone } = stage.office;
    const { bridgeId, parties } = await telephone.bridged('1001');
    await stage.desk.dial('1002');
    const { channel } = await telephone.event('channel.arrived', (event) => event.channel.dialled === '1002');
    must(await telephone.port.play('p1', channel.channelId, { kind: 'tone', tone: 'ringback' }, true));
    expect(await stage.desk.page.evaluate(() => window.ears.listen({ presentHz: [440, 480], absentHz: [], steadyMs: 150, timeoutMs: 20_000 }))).toMatchObject({ ok: true });
    must(await telephone.port.answer(channel.channelId));
    must(await telephone.port.joinBridge(bridgeId, channel.channelId));
    await Promise.all([stage.hears(), parties[0]?.call.hears(voices.agent1, [], 10_000)]);
    must(await telephone.port.hangUp(channel.channelId, 'normal'));
    await stage.leavesNothing();
  });

  it('has the call’s audio again after a reload, on a peer connection of a fresh generation', async () => {
    const stage = await DeskStage.open(browser);
    const { colleague, channelId } = await stage.talk();
    await stage.desk.page.reload();
    await stage.desk.button('Hang up').waitFor();
    await Promise.all([stage.hears(), colleague.hears(voices.agent1, [], 10_000)]);
    expect(await stage.left()).toEqual({ peers: 1, microphones: 1 });
    await stage.desk.press('Hang up');
    await stage.office.telephone.ended(channelId);
    await stage.leavesNothing();
  });

  it('stays muted over a reload', async () => {
    const stage = await DeskStage.open(browser);
    const { colleague } = await stage.talk();
    await stage.desk.press('Mute');
    await colleague.silent();
    await stage.desk.page.reload();
    await stage.hears();
    await colleague.silent();
    await stage.desk.press('Mute');
    await colleague.hears(voices.agent1);
  });

  it('keeps the audio while the window is cut off from its host, and knows afterwards what has ended', async () => {
    const stage = await DeskStage.open(browser);
    const { colleague, channelId } = await stage.talk();
    const back = await stage.desk.cutConnection();
    await stage.desk.shows('Reconnecting');
    await Promise.all([stage.hears(), colleague.hears(voices.agent1)]);
    await stage.office.telephone.port.hangUp(channelId, 'normal');
    stage.forget();
    await stage.office.telephone.ended(channelId);
    back();
    await stage.leavesNothing();
  });

  it('closes everything when the session ends by itself, which is after the call', async () => {
    const stage = await DeskStage.open(browser);
    const { colleague, channelId } = await stage.talk();
    await stage.office.signIn('agent1');
    await stage.desk.shows('Reconnecting');
    await Promise.all([stage.hears(), colleague.hears(voices.agent1)]);
    await stage.office.telephone.port.hangUp(channelId, 'normal');
    await stage.desk.shows('signed in on another desk');
    await stage.leavesNothing();
  });

  it('leaves the audio with the first window of a browser, and gives it to the next when that closes', async () => {
    const stage = await DeskStage.open(browser);
    const { colleague } = await stage.talk();
    const second = await stage.desk.party.context.newPage();
    await second.goto(stage.office.origin);
    await second.getByRole('button', { name: 'Hang up', exact: true }).waitFor();
    await Promise.all([stage.hears(), colleague.hears(voices.agent1)]);
    await stage.desk.page.close();
    const heard = await second.evaluate(() => window.ears.listen({ presentHz: [440], absentHz: [], steadyMs: 250, timeoutMs: 10_000 }));
    expect(heard.ok).toBe(true);
    await colleague.hears(voices.agent1, [], 10_000);
  });

  describe('failure: the microphone', () => {
    it('is unplugged in a call: the default one speaks, with a warning', async () => {
      const stage = await DeskStage.open(browser);
      const { colleague } = await stage.talk();
      await stage.desk.page.evaluate(() => window.ears.unplug());
      await stage.desk.shows('Your microphone is gone. Another one is used now');
      await Promise.all([colleague.hears(voices.agent1), stage.hears()]);
      expect((await stage.left()).microphones).toBe(1);
    });

    it('is another program’s while a call is answered: the call stands and says so, with silence in place of the voice until it is free', async () => {
      const stage = await DeskStage.open(browser);
      await stage.desk.page.evaluate(() => void (window.ears.busy = true));
      const { telephone } = stage.office;
      const { bridgeId, parties } = await telephone.bridged('1001');
      const channelId = await stage.ring();
      await stage.desk.press('Answer');
      await telephone.event('channel.answered', (event) => event.channelId === channelId);
      must(await telephone.port.joinBridge(bridgeId, channelId));
      stage.say('talking');
      await stage.desk.shows('Another program has your microphone.');
      await Promise.all([stage.hears(), parties[0]?.call.silent()]);
      await stage.desk.page.evaluate(() => void (window.ears.busy = false));
      await parties[0]?.call.hears(voices.agent1);
      expect(telephone.events.filter(({ type }) => type === 'channel.ended')).toEqual([]);
    });

    it.each([
      ['denied', 'The microphone is blocked'],
      ['missing', 'No microphone found'],
    ] as const)('is %s: the device check says so, and the center is told', async (microphone, text) => {
      const stage = await DeskStage.visit(browser, { microphone });
      await stage.desk.trySignIn('agent1');
      await stage.desk.shows(text, 'not be Ready');
      await until('the center knows', () => stage.office.center.commands.some(({ name, request }) => name === 'agent.reportDevice' && JSON.stringify(request) === JSON.stringify({ microphone })));
      await stage.passDeviceCheck();
    });

    it('is denied and a call is answered nevertheless: the far end is told, nothing hangs', async () => {
      const stage = await DeskStage.open(browser, { microphone: 'denied' });
      const channelId = await stage.ring();
      await stage.desk.press('Answer');
      expect(await stage.office.telephone.ended(channelId)).not.toBe('normal');
      await stage.leavesNothing();
    });
  });
});
