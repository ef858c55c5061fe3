import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CenterProcess } from '../support/center-process.ts';
import { CtiLine } from '../support/cti-line.ts';
import { createSipPhone, type PhoneCall, type SipPhone } from '../support/sip-phone/index.ts';
import { until } from '../support/until.ts';
import { phoneOf } from '../support/phone-of.ts';

const CUSTOMER_HZ = 1140;
const AGENT_HZ = 500;
/** Of c2: whoever reaches it was dialled at our cost. */
const ELSEWHERE = '01000000002';
const PREMIUM = '0607000000';

/** A switch under attack. */
export interface Attacked {
  /** Settings that make the center drive it. */
  environment: Record<string, string>;
  /** Where phones register, once the center listens. */
  sipUrl: (origin: string) => string;
  stop: () => Promise<void>;
}

/** What a caller, and a phone that was taken over, may try on a switch. The same on every engine. */
export function describeHostileCalls(engine: string, start: () => Promise<Attacked>): void {
  describe(`hostile calls on ${engine}`, () => {
    let attacked: Attacked;
    let center: CenterProcess;
    let dataFolder: string;
    let desk: CtiLine;
    const phones: SipPhone[] = [];
    let customer: SipPhone;
    let elsewhere: SipPhone;
    let agent: SipPhone;

    const phone = async (user: string, password: string, toneHz: number): Promise<SipPhone> => {
      const made = createSipPhone({ url: attacked.sipUrl(center.origin), user, password, toneHz });
      phones.push(made);
      await made.register();
      return made;
    };

    beforeAll(async () => {
      attacked = await start();
      dataFolder = await mkdtemp(join(tmpdir(), 'sangdam-hostile-'));
      center = await CenterProcess.start({ SANGDAM_DATA: dataFolder, ...attacked.environment });
      desk = await CtiLine.open(center.origin, 'agent1', 'sangdam-demo', 'desktop');
      customer = await phone('c1', 'customer', CUSTOMER_HZ);
      elsewhere = await phone('c2', 'customer', 1480);
      agent = await phone(phoneOf(desk.signedIn).user, phoneOf(desk.signedIn).password, AGENT_HZ);
    });
    afterEach(async () => {
      // The newest first: a caller who still waits when the agent has done their after-call work rings once more.
      for (const { calls } of phones) for (const call of calls.toReversed()) if (!call.hasEnded) await call.hangUp();
      await until('all is written up', async () => {
        for (const { contactId, me } of desk.contacts.values()) if (me.state === 'afterCall') await desk.command('contact.complete', { contactId, next: null });
        return desk.contacts.size === 0 && (await center.health())['contacts'] === 0;
      });
    });
    afterAll(async () => {
      await Promise.all(phones.map((each) => each.close()));
      desk?.close();
      await center?.stop();
      await attacked?.stop();
      await rm(dataFolder, { recursive: true, force: true });
    });

    /** The customer talks with the agent. */
    async function talking(): Promise<{ call: PhoneCall; answered: PhoneCall }> {
      await desk.goReady();
      const call = await customer.call('15880000');
      await call.answered();
      await call.press('1');
      const answered = await (await agent.incoming()).answer();
      await call.hears(AGENT_HZ);
      return { call, answered };
    }

    it.each(['01099998888', '+12125551234', PREMIUM, '119', '1001'])('a customer who dials %s is answered 404', async (number) => {
      const call = await customer.call(number);
      expect((await call.ended()).status).toBe(404);
      expect((await center.health())['contacts']).toBe(0);
    });

    it('the customer’s REFER, to a number or in another’s place, is carried out for nobody', async () => {
      const { call, answered } = await talking();
      const own = await customer.call('15880001');
      await own.answered();
      for (const target of [ELSEWHERE, PREMIUM, own]) {
        const already = call.transferStatuses.length;
        const status = await call.refer(target);
        expect([202, 403, 603]).toContain(status);
        if (status === 202) await until('the customer is told that it came to nothing', () => call.transferStatuses.slice(already).some((code) => code >= 300));
      }
      expect(elsewhere.calls).toEqual([]);
      await Promise.all([call.hears(AGENT_HZ), answered.hears(CUSTOMER_HZ)]);
      // Each was asked once: Asterisk's echo of an outcome is no REFER.
      expect(center.lines.filter(({ msg }) => msg === 'a REFER from outside was refused')).toHaveLength(3);
    });

    it('the agent’s REFER goes where the agent may dial, and no further', async () => {
      const { call, answered } = await talking();
      await answered.refer(PREMIUM);
      await until('the agent is told that it came to nothing', () => answered.transferStatuses.some((code) => code >= 300));
      await Promise.all([call.hears(AGENT_HZ), answered.hears(CUSTOMER_HZ)]);
      await answered.refer(ELSEWHERE);
      await (await elsewhere.incoming()).answer();
      await expect(call.hears(1480)).resolves.toBeUndefined();
    });

    it('who names another’s dialog (INVITE with Replaces) gets no place in that call, whoever’s leg it is', async () => {
      const { call, answered } = await talking();
      for (const leg of [answered, call]) {
        const intruder = await elsewhere.call('1002', [leg.asReplaced]);
        await until('the intruder is out', () => intruder.hasEnded);
        await Promise.all([call.hears(AGENT_HZ, [1480]), answered.hears(CUSTOMER_HZ, [1480])]);
      }
      expect([call.isUp, answered.isUp, (await center.health())['contacts']]).toEqual([true, true, 1]);
    });

    it('who names the dialog of a call that waits is hung up, too, and nobody is left on the line', async () => {
      const call = await customer.call('15880001');
      await call.answered();
      const intruder = await elsewhere.call('1002', [call.asReplaced]);
      await until('the intruder is out', () => intruder.hasEnded, 40_000);
      await call.hangUp().catch(() => {});
      await expect(until('no contact is left', async () => (await center.health())['contacts'] === 0)).resolves.toBe(true);
    });

    it.each([['+12125551234'], [PREMIUM], ['+881612345678']])('an agent’s phone that dials %s gets 403, and the person is told why', async (number) => {
      const already = desk.events.length;
      const call = await agent.call(number);
      expect((await call.ended()).status).toBe(403);
      const notice = await until('the desk is told', () => desk.events.slice(already).find((event) => event.type === 'notice.raised'));
      expect(notice.payload).toMatchObject({ code: 'dialFailed', detail: 'dial.class-forbidden' });
    });

    it('an agent’s phone has two lines, however many calls it makes', async () => {
      const made: PhoneCall[] = [];
      for (let i = 0; i < 12; i++) made.push(await agent.call(ELSEWHERE));
      await until('all but two are refused', () => made.filter(({ end }) => end.status === 486).length === 10);
      await until('the others ring', () => elsewhere.calls.length > 0);
      expect(made.filter(({ hasEnded }) => !hasEnded)).toHaveLength(2);
    });
  });
}
