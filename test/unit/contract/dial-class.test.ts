import { describe, expect, it } from 'vitest';
import { dialClassOf } from '../../../contract/dial-class.ts';

const SEOUL = '+8221230000';

describe('the class of a number, seen from Seoul', () => {
  it.each([
    ['112', 'emergency'], ['119', 'emergency'], ['１１９', 'emergency'], ['02119', 'emergency'], ['114', 'national'], ['02-120', 'national'],
    ['1001', 'internal'], ['19', 'internal'],
    ['02-123-4567', 'local'], ['+82212345678', 'local'],
    ['010-1234-5678', 'mobile'], ['+821112345678', 'mobile'], ['01612345678', 'mobile'],
    ['031-123-4567', 'national'], ['1588-0000', 'national'], ['02-1588-0000', 'national'], ['070-1234-5678', 'national'], ['080-123-4567', 'national'], ['0507-1234-5678', 'national'],
    ['+12125551234', 'international'], ['+819012345678', 'international'], ['+442079460000', 'international'],
    ['060-700-0000', 'premium'], ['+82607000000', 'premium'], ['030-1234-5678', 'premium'],
    ['+881612345678', 'premium'], ['+870773112345', 'premium'], ['+883510001234567', 'premium'], ['+5351234567', 'premium'], ['+25261234567', 'premium'], ['+18765551234', 'premium'], ['+16585551234', 'premium'], ['+449098790000', 'premium'], ['+19005551234', 'premium'],
  ] as const)('%s is %s', (number, expected) => {
    expect(dialClassOf(number, SEOUL)).toBe(expected);
  });

  it('has no local numbers where the center has none with an area', () => {
    expect(dialClassOf('02-123-4567', '+8215880000')).toBe('national');
    expect(dialClassOf('02-123-4567')).toBe('national');
  });

  it('failure: what is no number is what nobody may dial', () => {
    for (const odd of ['', 'kim@home', '010;ext=1', '+', '0'.repeat(60)]) expect(dialClassOf(odd, SEOUL)).toBe('premium');
  });
});
