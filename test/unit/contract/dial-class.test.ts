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

  it.each([
    ['Moldova', '+37322123456'], ['Kosovo', '+38344123456'], ['Kosovo by Monaco', '+37744123456'], ['Kosovo by Slovenia', '+38649123456'],
    ['Abkhazia', '+78402123456'], ['Abkhazia, mobile', '+79407123456'], ['Liechtenstein', '+4236621234'], ['Guernsey, mobile', '+447781123456'], ['Man, mobile', '+447624123456'],
    ['Albania', '+355661234567'], ['Algeria', '+213551234567'], ['Senegal', '+221701234567'], ['Ascension', '+24740123'], ['Afghanistan', '+93701234567'], ['Myanmar', '+959212345678'],
    ['Lebanon', '+9613123456'], ['Georgia', '+995555123456'], ['Belize', '+5016221234'], ['Martinique', '+596696201234'], ['Cook Islands', '+68271234'], ['a code of nobody', '+210123456789'],
  ])('%s is where fraud is paid from', (_where, number) => {
    expect(dialClassOf(number, SEOUL)).toBe('premium');
  });

  it.each([['Russia', '+74951234567'], ['Kazakhstan', '+77012345678'], ['London', '+442079460000'], ['a mobile of Britain', '+447400123456'], ['Vietnam', '+84912345678'], ['Mongolia', '+97688123456'], ['California', '+16502530000'], ['Paris', '+33123456789'], ['Vienna', '+431234567890']])('%s is abroad like any other', (_where, number) => {
    expect(dialClassOf(number, SEOUL)).toBe('international');
  });

  it('has no local numbers where the center has none with an area', () => {
    expect(dialClassOf('02-123-4567', '+8215880000')).toBe('national');
    expect(dialClassOf('02-123-4567')).toBe('national');
  });

  it('failure: what is no number is what nobody may dial', () => {
    for (const odd of ['', 'kim@home', '010;ext=1', '+', '0'.repeat(60)]) expect(dialClassOf(odd, SEOUL)).toBe('premium');
  });
});
