import { describe, expect, it } from 'vitest';
import { ScreenPops } from '../../../agent/screen-pops.ts';
import type { CustomerRecord } from '../../../contract/customer.ts';
import { ok, type Result } from '../../../contract/errors.ts';
import { contactOf } from './support/office.ts';

const SHOWN = 8;

/** A cache whose one customer has a history of so many lines. */
function popsOf(lines: number): ScreenPops {
  const find = (_: string, most = Infinity): Result<CustomerRecord | null> =>
    ok({ customer: { customerId: 'cu-0001' }, timeline: Array.from({ length: Math.min(lines, most) }, (_entry, index) => ({ contactId: `before-${index}` })) } as unknown as CustomerRecord);
  return new ScreenPops({ findByNumber: find, get: find });
}

describe('what is told of who calls', () => {
  it.each([
    { lines: 0, told: 0, more: false },
    { lines: SHOWN, told: SHOWN, more: false },
    { lines: SHOWN + 1, told: SHOWN, more: true },
    { lines: 100, told: SHOWN, more: true },
  ])('has $told lines of $lines, and says whether there are more', ({ lines, told, more }) => {
    const [popped] = popsOf(lines).of([contactOf('leg-a', 'ringing')]);
    expect(popped?.record?.timeline.map(({ contactId }) => contactId)).toEqual(Array.from({ length: told }, (_, index) => `before-${index}`));
    expect(popped?.more).toBe(more);
  });
});
