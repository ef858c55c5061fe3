import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { torture } from '../support/sip-torture.ts';
import { until } from '../support/until.ts';
import { makeEmbedded } from '../switch/make-embedded.ts';
import { authorization, RawPhone } from '../switch/raw-phone.ts';
import { must, PASSWORD, Stage, TONES } from '../switch/stage.ts';
import { nearlySip } from '../unit/center/switch/embedded/sip/hostile-text.ts';

/*
 * RFC 4475 over WebSocket, on the embedded switch. Over this transport each message is one frame, so that Content-Length
 * frames nothing, and what Via says of other transports is the messages' own affair.
 */

/** What each is answered to who has proved nothing; null for one that is dropped, as an answer to nothing is. */
const ANSWERS: Readonly<Record<string, number | null>> = {
  // Understood: a request for something asks for a password, the others are answered as they deserve.
  dblreq: 401, esc01: 401, esc02: 405, escnull: 401, intmeth: 405, longreq: 401, lwsdisp: 200, mpart01: 405, noreason: null, semiuri: 200, transports: 200,
  unreason: null, wsinv: 481,
  // Well-formed after all, though what they ask for is odd; who asks is looked at first (RFC 3261 §8.2).
  badbranch: 200, baddate: 401, cparam01: 401, cparam02: 401, escruri: 401, invut: 401, regaut01: 401, regescrt: 401, sdp01: 401, unksm2: 401,
  // Faults.
  badaspec: 400, baddn: null, badinv01: 400, badvers: 505, bcast: null, bext01: 420, bigcode: null, clerr: 400, insuf: null, inv2543: 400, ltgtruri: 400,
  lwsruri: 400, lwsstart: 400, mcl01: 400, mismatch01: 400, mismatch02: 400, multi01: 400, ncl: 400, novelsc: 416, quotbal: 400, regbadct: 400, scalar02: 400,
  scalarlg: null, trws: 400, unkscm: 416, zeromf: 483,
};

const messages = [...torture('valid'), ...torture('invalid')];
const header = (text: string, name: RegExp): string => name.exec(text)?.[1]?.trim() ?? '';
const callIdOf = (text: string): string => header(text, /^(?:Call-ID|i) *: *(.*)$/im);

describe('the messages of RFC 4475', () => {
  let stage: Stage;
  let raw: RawPhone;
  beforeAll(async () => {
    stage = await Stage.open((fixtures) => makeEmbedded(fixtures));
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    raw = await RawPhone.open(stage.sipUrl);
  });
  afterEach(() => raw.close());

  const answersTo = (text: string): string[] => raw.received.filter((answer) => /^SIP\/2\.0 [2-6]/.test(answer) && callIdOf(answer) === callIdOf(text));
  async function answerTo(text: string, count = 1): Promise<string> {
    await until('an answer', () => answersTo(text).length === count);
    return answersTo(text).at(-1) ?? '';
  }

  it('are all here', () => {
    expect(messages.map(([name]) => name).toSorted()).toEqual(Object.keys(ANSWERS).toSorted());
  });

  it.each(messages)('%s is answered as the RFC says, or dropped', async (name, text) => {
    raw.send(text);
    await raw.expectAlive();
    // Its answer would have come before the one to what was sent after it.
    const statuses = answersTo(text).map((answer) => Number(answer.slice(8, 11)));
    const status = ANSWERS[name];
    expect(statuses).toEqual(status === null ? [] : [status]);
    expect(answersTo(text).every((answer) => status !== 405 || /^Allow: .*INVITE/m.test(answer))).toBe(true);
    expect(stage.events).toEqual([]);
  });

  describe('of somebody with a password', () => {
    async function withPassword(text: string): Promise<{ status: number; arrived: number }> {
      raw.send(text);
      const challenge = await answerTo(text);
      const [method = '', ...rest] = text.slice(0, text.indexOf(' SIP/2.0')).split(' ');
      const credentials = authorization(challenge, '1001', PASSWORD, method, rest.join(' '));
      const before = stage.events.length;
      raw.send(text.replace('\r\n', `\r\n${credentials}\r\n`));
      await until('what becomes of it', () => answersTo(text).length === 2 || stage.events.length > before);
      const arrived = stage.events.slice(before).flatMap((event) => (event.type === 'channel.arrived' ? [event.channel.channelId] : []));
      for (const channelId of arrived) must(await stage.port.hangUp(channelId, 'busy'));
      return { status: Number((await answerTo(text, 2)).slice(8, 11)), arrived: arrived.length };
    }

    it.each(['longreq', 'esc01', 'sdp01', 'baddate', 'escruri', 'invut'])('%s is a call', async (name) => {
      const text = messages.find(([found]) => found === name)?.[1] ?? '';
      expect(await withPassword(text)).toEqual({ status: 486, arrived: 1 });
    });

    it.each(['dblreq', 'escnull', 'cparam01', 'cparam02', 'regescrt', 'unksm2'])('%s registers nobody else', async (name) => {
      const text = messages.find(([found]) => found === name)?.[1] ?? '';
      expect(await withPassword(text)).toEqual({ status: name === 'unksm2' ? 400 : 403, arrived: 0 });
      expect(stage.port.isRegistered('1001')).toBe(false);
    });
  });

  it('failure: whatever resembles them is borne: nothing is thrown, nobody calls, nobody registers', async () => {
    const faults: unknown[] = [];
    const note = (fault: unknown): void => void faults.push(fault);
    process.on('unhandledRejection', note);
    const before = stage.events.length;
    await fc.assert(
      fc.asyncProperty(fc.array(nearlySip, { minLength: 5, maxLength: 20 }), fc.boolean(), async (texts, withAccount) => {
        const one = await RawPhone.open(stage.sipUrl);
        if (withAccount) await one.register('c1', PASSWORD);
        for (const text of texts) one.send(text);
        await until('it is answered or shown out', async () => one.closeCode !== null || (await one.expectAlive().then(() => true, () => false)));
        await one.close();
      }),
      { numRuns: 40, interruptAfterTimeLimit: 20_000 },
    );
    process.off('unhandledRejection', note);
    expect(faults).toEqual([]);
    expect(stage.events.slice(before).filter((event) => event.type !== 'endpoint.changed' || event.user !== 'c1')).toEqual([]);
  });

  it('leave a switch that carries a call as ever', async () => {
    const { parties } = await stage.bridged('1001', '1002');
    await parties[0]?.call.hears(TONES['1002']);
    await parties[1]?.call.hears(TONES['1001']);
    expect(parties.every(({ call }) => call.isUp)).toBe(true);
  });
});
