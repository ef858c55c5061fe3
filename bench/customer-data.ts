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

const FIRST = Array.from('김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허남심노하곽성차주우구민유나진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모');
const GIVEN = Array.from('가강건경고관광구권규근기길나남노다단대덕도동두라란래려련령로리림마만명모무문미민바방범별병보복봄봉빈사산상새서석선설섭성세소솔수숙순승시신아안양언연열영예오옥온완용우욱운원월유윤율은을의이익인일임자장재정제조종주준중지진찬창채천철초춘충치태택하학한해혁현형혜호홍화환효훈휘희');
const TRADES = ['상사', '물산', '전자', '식품', '건설', '유통', '화학', '통신', '의류', '약국', 'Trading', 'Systems'];

/** Customer number `index` with a name made of syllables as names are, always the same one. */
export function namedCustomer(index: number): Customer {
  // A full cycle of a linear congruence below 2^20, so that neighbours have nothing in common.
  const mixed = (Math.imul(index, 1_664_525) + 1_013_904_223) >>> 0;
  const pick = (items: readonly string[], shift: number): string => items[(mixed >>> shift) % items.length] ?? '';
  const name = index % 40 === 0 ? `Customer ${String.fromCharCode(65 + (mixed % 26))}${index}` : pick(FIRST, 3) + pick(GIVEN, 9) + pick(GIVEN, 17);
  const company = index % 3 === 0 ? '' : `${pick(GIVEN, 5)}${pick(GIVEN, 13)}${pick(TRADES, 21)}`;
  return { ...customerNumber(index), name, company, numbers: [{ e164: `+8210${String(mixed % 100_000_000).padStart(8, '0')}`, label: '휴대전화' }] };
}

/** The changes after `cursor` of a center with `total` customers: as the center pages them. */
export const changesAfter = (cursor: number, limit: number, total: number): CustomerChanges => changesOf(customerNumber, cursor, limit, total);
/** The same of customers who have names. */
export const namedChangesAfter = (cursor: number, limit: number, total: number): CustomerChanges => changesOf(namedCustomer, cursor, limit, total);

function changesOf(customerAt: (index: number) => Customer, cursor: number, limit: number, total: number): CustomerChanges {
  const end = Math.min(total, cursor + limit);
  const customers = Array.from({ length: end - cursor }, (_, i) => customerAt(cursor + i));
  return { customers, timeline: [], removed: [], cursor: end, more: end < total, remaining: total - end, mark: 'bench', reset: false };
}
