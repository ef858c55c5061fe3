import { beforeEach, describe, expect, it } from 'vitest';
import { failuresOfConnection, Guesses, type Guesser } from '../../../../../../center/switch/embedded/sip/guesses.ts';

describe('guesses at passwords', () => {
  let at: number;
  let guesses: Guesses;
  const now = (): number => at;
  beforeEach(() => {
    at = 1_000_000;
    guesses = new Guesses(now);
  });

  const connection = (address: string, users: string[] = []): Guesser => ({ address, users: new Set(users), failures: failuresOfConnection(now) });
  const mayTry = (user: string, address: string, users: string[] = []): boolean => guesses.waitMs(user, connection(address, users)) === 0;
  /** Guesses over as many connections as it takes. @returns how many were looked at */
  function guess(user: string, address: string, times: number): number {
    let seen = 0;
    for (let i = 0; i < times; i++) {
      const over = connection(address);
      if (guesses.waitMs(user, over) > 0) continue;
      guesses.failed(user, over);
      seen++;
    }
    return seen;
  }

  it('over one connection are five, then one in twelve seconds', () => {
    const one = connection('10.0.0.1');
    for (let i = 0; i < 5; i++) {
      expect(guesses.waitMs('1001', one)).toBe(0);
      guesses.failed('1001', one);
    }
    expect(guesses.waitMs('1001', one)).toBeCloseTo(12_000);
    at += 12_001;
    expect(guesses.waitMs('1001', one)).toBe(0);
  });

  it('that somebody else is looking at count as wrong until they are known', () => {
    const ends = Array.from({ length: 20 }, () => guesses.begun('1001', connection('10.0.0.1')));
    expect([mayTry('1001', '10.0.0.1'), mayTry('1002', '10.0.0.1')]).toEqual([false, true]);
    ends.slice(0, 10).forEach((end) => end(false));
    ends.slice(10).forEach((end) => end(true));
    expect(guess('1001', '10.0.0.1', 100)).toBe(10);
  });

  it('over one connection that are under way are five', () => {
    const one = connection('10.0.0.1');
    const ends = Array.from({ length: 5 }, () => guesses.begun('1001', one));
    expect(guesses.waitMs('1001', one)).toBeGreaterThan(0);
    ends.forEach((end) => end(false));
    expect(guesses.waitMs('1001', one)).toBe(0);
  });

  it('from one address are 20 at a user, and hold up nobody else there', () => {
    expect(guess('1001', '10.0.0.1', 100)).toBe(20);
    expect(mayTry('1002', '10.0.0.1')).toBe(true);
    expect(mayTry('1001', '10.0.0.2')).toBe(true);
  });

  it('from one address at many users are 120 in all', () => {
    let seen = 0;
    for (let i = 0; i < 1000; i++) seen += guess(`user ${i}`, '10.0.0.1', 1);
    expect(seen).toBe(120);
    expect(mayTry('1001', '10.0.0.2')).toBe(true);
  });

  it('from the addresses of one IPv6 subscriber are as many as from one address', () => {
    const ofSubscriber = (i: number): string => `2001:db8:1:2::${i.toString(16)}`;
    let seen = 0;
    for (let i = 0; i < 1000; i++) seen += guess('1001', ofSubscriber(i), 1);
    expect(seen).toBe(20);
    for (let i = 0; i < 1000; i++) seen += guess(`user ${i}`, ofSubscriber(i), 1);
    expect(seen).toBe(120);
    expect(mayTry('1001', '2001:db8:1:3::1')).toBe(true);
    guesses.proved('1002', connection(ofSubscriber(1)));
    expect(mayTry('1002', ofSubscriber(2))).toBe(true);
  });

  it('at one user from many addresses are 60 in all, and 8,640 a day after that', () => {
    let seen = 0;
    for (let i = 0; i < 1000; i++) seen += guess('1001', `10.0.${i >> 8}.${i & 255}`, 1);
    expect(seen).toBe(60);
    at += 24 * 3600_000;
    expect(mayTry('1001', '10.9.9.9')).toBe(true);
  });

  describe('failure: a guesser who wants to lock out the phone itself', () => {
    it('does not reach a connection that has proved the password', () => {
      guess('1001', '10.0.0.1', 100);
      expect(mayTry('1001', '10.0.0.1', ['1001'])).toBe(true);
    });

    it('does not reach the address where it was proved', () => {
      guesses.proved('1001', connection('10.0.0.1'));
      for (let i = 0; i < 300; i++) guess('1001', `10.1.${i >> 8}.${i & 255}`, 20);
      expect(mayTry('1001', '10.0.0.1')).toBe(true);
      expect(mayTry('1001', '10.0.0.2')).toBe(false);
    });

    it('does not flush what was counted, whatever names and addresses are made up', () => {
      guess('1001', '10.0.0.1', 100);
      for (let i = 0; i < 20_000; i++) guesses.failed(`made up ${i}`, connection(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`));
      expect(mayTry('1001', '10.0.0.1')).toBe(false);
    });

    it('does not fill it up for others either', () => {
      for (let i = 0; i < 20_000; i++) guesses.failed(`made up ${i}`, connection(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`));
      expect(mayTry('1001', '192.0.2.1')).toBe(true);
    });
  });
});
