import { describe, expect, it } from 'vitest';
import { defaultSignInLimits, type SignInLimits } from '../../../center/gateway/limits.ts';
import { SignInTurns, type Attempt } from '../../../center/gateway/sign-in-turns.ts';

/** Time that a test moves by itself, timers included. */
class ManualClock {
  at = 0;
  private timers: { at: number; run: () => void }[] = [];

  monotonic(): number {
    return this.at;
  }

  setTimeout(run: () => void, delayMs: number): () => void {
    const timer = { at: this.at + delayMs, run };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((one) => one !== timer));
  }

  async pass(ms: number): Promise<void> {
    const until = this.at + ms;
    for (;;) {
      await settled();
      const due = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.timers = this.timers.filter((one) => one !== due);
      this.at = Math.max(this.at, due.at);
      due.run();
    }
    this.at = until;
    await settled();
  }
}

const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Turns with people who try to get in; each look at a password takes no time unless held up. */
function door(limits: Partial<SignInLimits> = {}) {
  const clock = new ManualClock();
  const turns = new SignInTurns({ ...defaultSignInLimits, ...limits }, clock);
  const looked: Attempt[] = [];
  let atOnce = 0;
  let most = 0;
  const attempt = async (fields: Partial<Attempt>, isRight: boolean): Promise<'in' | 'wrong' | 'limited'> => {
    const who = { account: 'somebody', network: '192.0.2.1', source: 'a', known: null, exists: !(fields.account ?? '').startsWith('made-up'), isGone: () => false, ...fields };
    const answer = await turns.run(who, async () => {
      looked.push(who);
      most = Math.max(most, ++atOnce);
      await Promise.resolve();
      atOnce -= 1;
      return isRight ? who.account : null;
    });
    if (!answer.ok) return 'limited';
    return answer.value === null ? 'wrong' : 'in';
  };
  return { clock, looked, attempt, most: () => most };
}

const many = <Value>(count: number, make: (index: number) => Value): Value[] => Array.from({ length: count }, (_, index) => make(index));

describe('turns of sign-ins', () => {
  it('let few passwords be hashed at once', async () => {
    const { attempt, most, clock } = door();
    const all = Promise.all(many(50, (index) => attempt({ account: `a${index}` }, true)));
    await clock.pass(1000);
    expect(new Set(await all)).toEqual(new Set(['in']));
    expect(most()).toBe(defaultSignInLimits.hashesAtOnce);
  });

  it('take right ones from one place without end: 300 at one moment', async () => {
    const { attempt, clock } = door();
    const all = Promise.all(many(300, (index) => attempt({ account: `agent${index % 10}`, source: String(index) }, true)));
    await clock.pass(0);
    expect((await all).filter((outcome) => outcome === 'in')).toHaveLength(300);
  });

  it('let nobody starve who came first, when a whole office comes', async () => {
    const { attempt, clock } = door({ hashesAtOnce: 1 });
    const all = Promise.all(many(60, (index) => attempt({ account: `agent${index}`, source: String(index) }, true)));
    await clock.pass(0);
    expect((await all).filter((outcome) => outcome !== 'in')).toEqual([]);
  });

  it('let a person in where they were before, whoever hammers their account from elsewhere', async () => {
    const { attempt, clock } = door();
    for (let turn = 0; turn < 9; turn++) await attempt({ account: 'agent1', network: '203.0.113.9' }, false);
    await clock.pass(0);
    expect(await attempt({ account: 'agent1', network: '198.51.100.1' }, true)).toBe('limited');
    expect(await attempt({ account: 'agent1', known: 'place agent1 192.0.2.1' }, true)).toBe('in');
  });

  it('let a person in by their device, whoever hammers their account from their own place', async () => {
    const { attempt, clock } = door();
    for (let turn = 0; turn < 9; turn++) await attempt({ account: 'agent1', known: 'place agent1 192.0.2.1', source: 'evil' }, false);
    await clock.pass(0);
    expect(await attempt({ account: 'agent1', known: 'place agent1 192.0.2.1', source: 'evil' }, true)).toBe('limited');
    expect(await attempt({ account: 'agent1', known: 'device d1' }, true)).toBe('in');
  });

  it('lock nobody out of a place where one browser tries a hundred names: they wait for a moment', async () => {
    const { attempt, looked, clock } = door();
    const spray = Promise.all(many(100, (index) => attempt({ account: `made-up-${index}`, source: 'evil' }, false)));
    await clock.pass(0);
    expect(looked).toHaveLength(defaultSignInLimits.perNetwork.count);
    // Somebody who was never here before, while the others still wait.
    expect(await attempt({ account: 'agent2', source: 'b' }, true)).toBe('in');
    expect(await attempt({ account: 'agent3', network: '198.51.100.7' }, true)).toBe('in');
    await clock.pass(10_000);
    expect((await spray).filter((outcome) => outcome === 'limited').length).toBeGreaterThan(50);
  });

  it('give each place its turn when all have had theirs in total', async () => {
    const { attempt, clock } = door({ total: { count: 10, perS: 10 } });
    const spray = Promise.all(many(200, (index) => attempt({ account: `made-up-${index}`, network: `203.0.113.${index % 2}` }, false)));
    await clock.pass(0);
    const elsewhere = attempt({ account: 'agent1', network: '198.51.100.7' }, true);
    await clock.pass(1000);
    expect(await elsewhere).toBe('in');
    await clock.pass(20_000);
    await spray;
  });

  it('slow down who goes on at one account, and let it go on', async () => {
    const { attempt, clock } = door();
    const outcomes = [];
    for (let turn = 0; turn < 6; turn++) outcomes.push(await attempt({ account: 'agent1' }, false));
    expect(outcomes).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'limited']);
    await clock.pass(12_000);
    expect(await attempt({ account: 'agent1' }, true)).toBe('in');
  });
});

describe('failure: a thousand wrong passwords at one moment', () => {
  it.each([
    ['one account', () => 'agent1', 5 + 5],
    ['a made-up name', () => 'made-up', 5],
    ['as many accounts', (index: number) => `made-up-${index}`, 30 + 10],
  ])('of %s: those that are allowed are hashed, and no more', async (_what, accountOf, allowed) => {
    const { attempt, looked, clock } = door();
    const all = Promise.all(many(1000, (index) => attempt({ account: accountOf(index), source: String(index % 7) }, false)));
    await clock.pass(60_000);
    const outcomes = await all;
    expect(looked.length).toBeLessThanOrEqual(allowed);
    expect(outcomes.filter((outcome) => outcome === 'wrong').length).toBeLessThanOrEqual(looked.length);
    expect(outcomes).not.toContain('in');
  });

  it('of an account that exists are answered like those of a made-up name, early looks or not', async () => {
    const { attempt, clock } = door();
    const crowd = Promise.all(many(400, (index) => attempt({ account: `made-up-${index}` }, false)));
    await settled();
    const real = Promise.all(many(20, () => attempt({ account: 'agent1' }, false)));
    const none = Promise.all(many(20, () => attempt({ account: 'made-up' }, false)));
    await clock.pass(60_000);
    expect((await real).filter((outcome) => outcome === 'wrong').length).toBeLessThanOrEqual(1);
    expect((await none).filter((outcome) => outcome === 'wrong').length).toBeLessThanOrEqual(1);
    await crowd;
  });

  it.each([
    ['their turn comes', 20],
    ['patience ends', 200],
  ])('of an account that exists are answered when those of a made-up name are: when %s', async (_when, others) => {
    const answeredAfter = async (exists: boolean): Promise<number[]> => {
      const clock = new ManualClock();
      const turns = new SignInTurns({ ...defaultSignInLimits, hashesAtOnce: 2, perNetwork: { count: 10, perS: 10 } }, clock);
      const timed = async (account: string, isThere: boolean): Promise<number> => {
        await turns.run({ account, network: '192.0.2.1', source: account, known: null, exists: isThere, isGone: () => false }, () => new Promise<null>((resolve) => void clock.setTimeout(() => resolve(null), 50)));
        return clock.at;
      };
      const crowd = many(others, (index) => timed(`made-up-${index}`, false));
      await clock.pass(3500);
      const tried = [timed('somebody', exists), timed('made-up', false)];
      await clock.pass(60_000);
      await Promise.all(crowd);
      return Promise.all(tried);
    };
    expect(await answeredAfter(true)).toEqual(await answeredAfter(false));
  });

  it.each([
    ['one place', () => '192.0.2.1', defaultSignInLimits.perNetwork.count],
    ['as many places', (index: number) => `203.0.113.${index}`, defaultSignInLimits.total.count],
  ])('of a thousand accounts that exist, from %s where it is crowded: first looks have an end, too', async (_what, networkOf, most) => {
    const { attempt, looked, clock } = door({ patienceMs: 1 });
    // All that strangers have has been used up.
    const crowd = Promise.all(many(700, (index) => attempt({ account: `made-up-${index}`, network: networkOf(index % 250) }, false)));
    await clock.pass(0);
    looked.length = 0;
    const all = Promise.all(many(1000, (index) => attempt({ account: `agent${index}`, network: networkOf(index % 250) }, false)));
    await clock.pass(1000);
    expect(looked.length).toBeLessThanOrEqual(most + 10);
    await clock.pass(60_000);
    await Promise.all([crowd, all]);
  });

  it('of one account are not forgotten for twenty thousand made-up names', async () => {
    const { attempt, clock } = door({ perAccountAndDay: { count: 8, perS: 86_400 }, perNetwork: { count: 1000, perS: 1 }, total: { count: 1000, perS: 1 } });
    const tired = async (account: string): Promise<void> => {
      for (let turn = 0; turn < 8; turn++) {
        await attempt({ account }, false);
        await clock.pass(12_000);
      }
      expect(await attempt({ account }, true)).toBe('limited');
    };
    await Promise.all([tired('agent1'), tired('made-up-one')]);
    for (let name = 0; name < 21_000; name++) {
      await attempt({ account: `made-up-${name}`, network: `192.0.2.${name % 250}` }, false);
      clock.at += 2;
    }
    // Nor does a count that was reset tell that there is no such account.
    expect([await attempt({ account: 'agent1' }, true), await attempt({ account: 'made-up-one' }, true)]).toEqual(['limited', 'limited']);
  });

  it('leave room in the queue for who is not of that place, and for whom we know', async () => {
    const { attempt, clock } = door();
    const flood = Promise.all(many(1000, (index) => attempt({ account: `made-up-${index}` }, false)));
    await settled();
    const others = [attempt({ account: 'agent1', known: 'device d1' }, true), attempt({ account: 'agent2', network: '198.51.100.7' }, true)];
    await clock.pass(1000);
    expect(await Promise.all(others)).toEqual(['in', 'in']);
    await clock.pass(60_000);
    await flood;
  });

  it('are not looked at when whoever asked has hung up meanwhile: an old sign-in would end a newer one', async () => {
    const { attempt, looked, clock } = door();
    let isGone = false;
    const all = Promise.all(many(20, (index) => attempt({ account: `agent${index}`, isGone: () => isGone }, true)));
    isGone = true;
    await clock.pass(0);
    expect(looked.length).toBeLessThanOrEqual(defaultSignInLimits.hashesAtOnce);
    expect((await all).filter((outcome) => outcome === 'in')).toHaveLength(looked.length);
  });

  it('do not keep a turn when looking at one fails', async () => {
    const clock = new ManualClock();
    const turns = new SignInTurns(defaultSignInLimits, clock);
    const who = { account: 'a', network: 'n', source: 's', known: null, exists: true, isGone: () => false };
    for (let turn = 0; turn < 3; turn++) await expect(turns.run(who, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
    expect(await turns.run(who, () => Promise.resolve('in'))).toEqual({ ok: true, value: 'in' });
  });
});
