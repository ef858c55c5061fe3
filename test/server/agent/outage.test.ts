import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../../agent/clock.ts';
import { keepsNothing } from '../../../agent/index.ts';
import { OUTAGE_ENDS_CALLS_MS } from '../../../agent/outage.ts';
import { ContactId, type AgentId } from '../../../contract/ids.ts';
import { until } from '../../support/sip-phone/index.ts';
import { must } from '../../switch/stage.ts';
import { Line } from './support/line.ts';
import { contactOf, givePhone, openOffice, openSession, type Office } from './support/office.ts';

const contactId = ContactId.parse('contact-1');

const SHORT_MS = 5000;
const A_MINUTE_MS = 60_000;

/** Short timers run by themselves, those of minutes when the test says that the time has come, and those between at the earlier of both. */
class MinutesByHand implements Clock {
  private at = 0;
  private readonly waiting = new Set<{ due: () => void; dueAt: number }>();

  now = (): number => systemClock.now() + this.at;
  monotonic = (): number => systemClock.monotonic() + this.at;

  setTimeout(run: () => void, delayMs: number): () => void {
    if (delayMs < SHORT_MS) return systemClock.setTimeout(run, delayMs);
    const due = (): void => {
      forget();
      run();
    };
    const timer = { due, dueAt: this.at + delayMs };
    const stop = delayMs < A_MINUTE_MS ? systemClock.setTimeout(due, delayMs) : () => {};
    const forget = (): void => {
      stop();
      this.waiting.delete(timer);
    };
    this.waiting.add(timer);
    return forget;
  }

  pass(ms: number): void {
    this.at += ms;
    for (const timer of this.waiting) if (timer.dueAt <= this.at && this.waiting.has(timer)) timer.due();
  }
}

describe('failure: the switch is out of reach in a call', () => {
  let office: Office;
  let agentId: AgentId;
  let toSwitch: Line;
  let toCenter: Line;
  let clock: MinutesByHand;

  beforeEach(async () => {
    clock = new MinutesByHand();
    office = await openOffice({}, async (url) => {
      toSwitch = await Line.to(Number(new URL(url).port));
      return url.replace(/:\d+/, `:${toSwitch.port}`);
    });
    toCenter = await Line.to(Number(new URL(office.origin).port));
    agentId = (await office.signIn('agent1')).me.agentId;
    await givePhone(office, agentId);
  });

  it('keeps it for six minutes, then ends it here, and is not ready', async () => {
    const { session, audio, events } = await talking();
    toSwitch.cut();
    toCenter.cut();
    await until('both are lost', () => session.view.health.phone.state === 'lost' && session.view.health.cti.state === 'lost');
    clock.pass(OUTAGE_ENDS_CALLS_MS - 1);
    expect(session.onCall).toBe(true);
    expect(session.view.contacts).toHaveLength(1);
    clock.pass(1);
    expect(session.onCall).toBe(false);
    expect(session.view.contacts).toEqual([]);
    expect(session.view.card?.state).toEqual({ name: 'NOT_READY', reason: 'disconnected' });
    expect(events).toContainEqual({ name: 'notice.raised', payload: { code: 'networkLost', contactId, detail: '' } });
    await until('its audio is closed', () => audio.openPeers === 0);

    toCenter.mend();
    toSwitch.mend();
    await office.telephone.event('channel.ended');
  });

  it('forgets about it when the switch is back in time', async () => {
    const { session, audio } = await talking();
    toSwitch.cut();
    await until('it is lost', () => session.view.health.phone.state === 'lost');
    clock.pass(OUTAGE_ENDS_CALLS_MS - 1);
    toSwitch.mend();
    await until('it is back', () => session.view.health.phone.state === 'registered');
    await until('the call has new audio', () => audio.requests.some(({ operation }) => operation.type === 'applyAnswer'));
    clock.pass(OUTAGE_ENDS_CALLS_MS);
    expect(session.onCall).toBe(true);
  });

  it('is done with a call whose answer was lost with the connection, as soon as the switch says that it is over', async () => {
    const { session, call } = await ringing();
    // Whatever the desk sends from now on is lost, the 200 among it.
    toSwitch.stall();
    must(await call('phone.answer', { contactId }));
    toSwitch.cut();
    await office.telephone.event('channel.ended');
    toSwitch.mend();
    await until('the desk knows', () => !session.onCall);
    expect(session.view.audio[0]?.dialog).toBe('none');
  });

  it('asks the center to end it where that is at hand', async () => {
    const { session } = await talking();
    toSwitch.cut();
    await until('it is lost', () => session.view.health.phone.state === 'lost');
    clock.pass(OUTAGE_ENDS_CALLS_MS);
    await until('the center is asked', () => office.center.commands.some(({ name }) => name === 'contact.hangUp'));
    expect(session.view.contacts).toHaveLength(1);
  });

  it('leaves a call alone whose audio still flows, until that is lost, too', async () => {
    const { session, audio, call } = await talking();
    const [{ session: dialog, generation } = { session: '', generation: 0 }] = audio.requests;
    must(await call('media.report', { session: dialog, generation, state: 'connected' }));
    toSwitch.cut();
    await until('it is lost', () => session.view.health.phone.state === 'lost');
    clock.pass(OUTAGE_ENDS_CALLS_MS);
    expect(session.onCall).toBe(true);
    must(await call('media.report', { session: dialog, generation, state: 'failed' }));
    clock.pass(10_000);
    expect(session.onCall).toBe(false);
  });

  async function talking() {
    const opened = await ringing();
    must(await opened.call('phone.answer', { contactId }));
    await until('established', () => opened.session.view.audio[0]?.dialog === 'established');
    await office.telephone.event('channel.answered');
    return opened;
  }

  async function ringing() {
    const opened = openSession({ origin: `http://127.0.0.1:${toCenter.port}` }, 'desktop', keepsNothing, clock);
    must(await opened.call('media.claim', null));
    must(await opened.call('session.signIn', { server: null, account: 'agent1', password: 'sangdam-demo' }));
    await until('the phone is registered', () => opened.session.view.health.phone.state === 'registered');
    const card = { agentId, name: '', extension: '1001', role: 'agent' as const, groupIds: [], since: 1, connected: true, reachable: true };
    office.center.tell(agentId, { type: 'directory.changed', payload: { groups: [], agents: [{ ...card, state: { name: 'TALKING', contactId, resume: { name: 'READY' }, pending: null } }] } });
    office.center.tell(agentId, { type: 'contact.changed', payload: contactOf('leg-a', 'talking') });
    must(await office.telephone.originate('1001', { destination: { kind: 'endpoint', user: agentId }, headers: { 'X-Sangdam-Leg': 'leg-a' } }));
    await until('it is here', () => opened.session.view.audio[0]?.dialog === 'ringing');
    return opened;
  }
});
