import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import type { DialClass, DialRights } from './dial-rights.ts';
import { GEOGRAPHIC, MOBILE, NATIONWIDE } from './korean-number.ts';
import { parseDialString } from './phone-number.ts';

/** Calling codes of satellites, of no country, and of shared revenue: ITU-T E.164 lists, 2024. */
const NETWORK_CODES = ['808', '870', '878', '881', '882', '883', '888', '979'];
/**
 * Countries and areas whose numbers are rented out for a share of the price of the call, or whose calls end elsewhere than
 * they seem to: those that the fraud reports of the CFCA, of Europol and of carriers, and the lists of advertised premium
 * numbers (IPRN), name again and again. Whoever has customers there gives a person `premium`. Fraud goes where it is not
 * looked for, so the list is a first net; limits and the alarm are the second.
 */
const COSTLY_CODES = [
  // Islands and states of the North American plan, which look like calls to the United States.
  '1242', '1246', '1264', '1268', '1284', '1345', '1441', '1473', '1649', '1658', '1664', '1721', '1758', '1767', '1784', '1809', '1829', '1849', '1868', '1869', '1876',
  // Africa.
  '211', '212', '213', '216', '218', '220', '221', '222', '223', '224', '225', '226', '227', '228', '229', '230', '231', '232', '235', '236', '237', '238', '239', '240', '241', '242', '243', '244', '245', '246', '247', '248', '249',
  '250', '251', '252', '253', '257', '258', '260', '261', '262', '263', '264', '265', '266', '267', '268', '269', '290', '291', '297', '298', '299',
  // Europe, with Kosovo under its own code and under those of Monaco and Slovenia, which it had before.
  '350', '355', '370', '371', '372', '373', '374', '375', '376', '377', '378', '381', '382', '383', '386', '387', '389', '423',
  // Abkhazia, and the islands that share the plan of the United Kingdom: Guernsey, Jersey, Man.
  '7840', '7940', '447509', '447524', '447624', '447781', '447797', '447839', '447911', '447924', '447937',
  // The Americas beyond.
  '500', '501', '503', '508', '509', '53', '590', '591', '592', '594', '596', '597', '599',
  // The Pacific.
  '670', '672', '674', '675', '676', '677', '678', '679', '680', '681', '682', '683', '685', '686', '687', '688', '689', '690', '691', '692',
  // Asia.
  '850', '856', '93', '95', '960', '961', '963', '964', '967', '970', '975', '992', '993', '994', '995', '996',
];
const PREMIUM_TYPES = new Set(['PREMIUM_RATE', 'SHARED_COST', 'PERSONAL_NUMBER', 'PAGER', 'UAN', 'VOICEMAIL']);

/**
 * The class of a number, as it is dialled or in E.164. Pure. What is no number is `premium`: nobody dials it.
 * @param home one of the center's own numbers, E.164: whose area is local
 */
export function dialClassOf(number: string, home = '', region: CountryCode = 'KR'): DialClass {
  const parsed = parseDialString(number, region);
  if (!parsed.ok) return 'premium';
  switch (parsed.value.kind) {
    case 'emergency':
      return 'emergency';
    case 'extension':
      return 'internal';
    case 'service':
      return 'national';
    case 'outside':
      return parsed.value.e164.startsWith('+82') ? korean(parsed.value.e164.slice(3), home, region) : abroad(parsed.value.e164, home, region);
  }
}

function korean(national: string, home: string, region: CountryCode): DialClass {
  if (region !== 'KR') return national.startsWith('60') ? 'premium' : 'international';
  if (MOBILE.test(national)) return 'mobile';
  if (NATIONWIDE.test(national)) return 'national';
  const area = GEOGRAPHIC.exec(national)?.[1];
  // 060 and 030, and ranges nobody has been given.
  if (area === undefined) return 'premium';
  return home.startsWith('+82') && GEOGRAPHIC.exec(home.slice(3))?.[1] === area ? 'local' : 'national';
}

function abroad(e164: string, home: string, region: CountryCode): DialClass {
  const digits = e164.slice(1);
  const parsed = parsePhoneNumberFromString(e164);
  const type = parsed?.getType();
  if (parsed === undefined || (type !== undefined && PREMIUM_TYPES.has(type))) return 'premium';
  if (parsed.country === region) return type === 'MOBILE' ? 'mobile' : sameArea(parsed.nationalNumber, home, parsed.countryCallingCode) ? 'local' : 'national';
  return [...NETWORK_CODES, ...COSTLY_CODES].some((code) => digits.startsWith(code)) ? 'premium' : 'international';
}

/** Elsewhere than in Korea: the first three digits of the national number are as good as an area. */
const sameArea = (national: string, home: string, countryCode: string): boolean => home.startsWith(`+${countryCode}${national.slice(0, 3)}`);

/** Why the center would not dial a number. */
export type DialRefusal = 'class' | 'blocked';

/** Whether the center would refuse to dial this number for them, before anybody tries. Limits are known to the center alone. */
export function dialRefusalOf({ classes, blocked, home, own }: DialRights, number: string): DialRefusal | null {
  const dialClass = dialClassOf(number, home);
  if (dialClass === 'emergency' || dialClass === 'internal' || own.includes(number)) return null;
  if (!classes.includes(dialClass)) return 'class';
  return blocked && (dialClass === 'international' || dialClass === 'premium') ? 'blocked' : null;
}
