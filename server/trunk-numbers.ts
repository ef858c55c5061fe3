import { formatNumber, toE164 } from '../contract/phone-number.ts';

/** `+821012345678` as it is dialled at home: `01012345678`. A number abroad keeps its `+`: without it, it is another's at home. */
function nationalDigits(number: string): string {
  const e164 = toE164(number) ?? number;
  return e164.startsWith('+') && !e164.startsWith('+82') ? e164 : formatNumber(e164).replace(/\D/g, '');
}

/** Numbers as a carrier wants them. */
export const written = { national: nationalDigits, e164: (number: string): string => toE164(number) ?? number } as const;
