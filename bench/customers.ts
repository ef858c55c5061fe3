import type { Customer, CustomerChanges } from '../contract/customer.ts';
import { CustomerId } from '../contract/ids.ts';

/** Customer number `index`, always the same one. */
export function customerNumber(index: number): Customer {
  const digits = String(index).padStart(8, '0');
  return {
    customerId: CustomerId.parse(`bench-${digits}`),
    name: `고객 ${digits}`,
    company: `회사 ${index % 5000}`,
    numbers: [{ e164: `+8210${digits}`, label: '휴대전화' }],
    vip: index % 50 === 0,
    warning: '',
    note: '',
    updatedAt: 1_700_000_000_000 + index,
    version: '1',
  };
}

/** The changes after `cursor` of a center with `total` customers: as the center pages them. */
export function changesAfter(cursor: number, limit: number, total: number): CustomerChanges {
  const end = Math.min(total, cursor + limit);
  const customers = Array.from({ length: end - cursor }, (_, i) => customerNumber(cursor + i));
  return { customers, timeline: [], removed: [], cursor: end, more: end < total, remaining: total - end, mark: 'bench', reset: false };
}
