import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../center/bounds/network.ts';
import { Tally } from '../../../center/bounds/tally.ts';

describe('the place of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001:0DB8:1:2::1', '2001:db8:1:2::/64'],
    ['', ''],
  ])('%s is %s', (address, place) => {
    expect(networkOf(address)).toBe(place);
  });
});

describe('a tally', () => {
  it('counts a key up to its size, and lets it run out', () => {
    let at = 0;
    const tally = new Tally({ capacity: 2, leakPerS: 1 }, () => at);
    for (const wait of [0, 0, 1000]) {
      expect(tally.waitMs('one')).toBe(wait);
      tally.take('one');
    }
    expect(tally.waitMs('another')).toBe(0);
    at += 500;
    expect(tally.waitMs('one')).toBe(500);
  });

  it('forgets no key for however many others', () => {
    const tally = new Tally({ capacity: 2, leakPerS: 0.001 }, () => 0, 64);
    tally.take('one');
    tally.take('one');
    for (let key = 0; key < 10_000; key++) tally.take(`made up ${key}`);
    expect(tally.waitMs('one')).toBeGreaterThan(0);
  });
});
