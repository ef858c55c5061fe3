import type { ApiAsked, ApiResponse } from '../../contract/api/index.ts';
import { Customer, TimelineEntry, type CustomerDraft, type CustomerRecord } from '../../contract/customer.ts';
import { CustomerId } from '../../contract/ids.ts';
import { byText, found } from '../../contract/search/index.ts';
import { toE164 } from '../../contract/phone-number.ts';
import { recordAt } from './dev-scenarios.ts';
import { officeTimeBefore } from './dev-times.ts';

/** Customers and contacts to look at screens with, in development only. Everything in them is invented. */
const CUSTOMERS = 2400;
const CONTACTS = 900;
const LIVES = ['주말 농부', '새내기 부모', '자전거 통근자', '홈카페 주인', '캠핑 동호인', '초보 집사', '이웃 반장', '정기구독자', '새벽 산책자', '이사 준비 중'];
const COMPANIES = ['', '', '푸른꽃집', '', '새벽빵집', '', '단풍인쇄소'];

const madeCustomer = (index: number): Customer =>
  Customer.parse({
    customerId: `c-${index + 1}`,
    name: `${LIVES[index % LIVES.length]} ${String(index).padStart(4, '0')}`,
    company: COMPANIES[index % COMPANIES.length],
    numbers: [{ e164: `+8210${String(20_000_000 + index * 7919).slice(0, 8)}`, label: '휴대폰' }, ...(index % 4 === 2 ? [{ e164: `+822${7_000_000 + index}`, label: '회사' }] : [])],
    vip: index % 23 === 4,
    warning: index % 41 === 7 ? '통화 녹음 동의를 먼저 확인' : '',
    note: index % 9 === 3 ? '오전 연락 선호' : '',
    updatedAt: 1_700_000_000_000,
    version: '1',
  });

/** The pretended cache. */
export class DevCustomers {
  private readonly known: CustomerRecord['customer'][];
  private readonly entries: TimelineEntry[];

  constructor(now: number) {
    const record = recordAt(now);
    this.known = [record.customer, ...Array.from({ length: CUSTOMERS }, (_, index) => madeCustomer(index + 1))];
    this.entries = [...record.timeline, ...Array.from({ length: CONTACTS }, (_, index) => madeEntry(index, now, this.known))].sort((a, b) => b.startedAt - a.startedAt);
  }

  search(text: string, limit: number, offset: number): { customers: Customer[]; total: number; more: boolean } {
    const hits = found(this.known, text, ({ name, company, numbers }) => ({ texts: [name, company], numbers: numbers.map(({ e164 }) => e164) })).toSorted((a, b) => byText(a.name, b.name));
    return { customers: hits.slice(offset, offset + limit), total: hits.length, more: false };
  }

  get(customerId: string): CustomerRecord | null {
    const customer = this.known.find((each) => each.customerId === customerId);
    return customer === undefined ? null : { customer, timeline: this.entries.filter((entry) => entry.customerId === customerId) };
  }

  byNumber(number: string): CustomerRecord | null {
    const e164 = toE164(number);
    const customer = this.known.find(({ numbers }) => numbers.some((each) => each.e164 === e164));
    return customer === undefined ? null : this.get(customer.customerId);
  }

  history(query: ApiAsked<'contacts.search'>): ApiResponse<'contacts.search'> {
    const matching = this.entries.filter((entry) => (query.agentId === null || entry.agentId === query.agentId) && (!query.missed || entry.outcome !== 'answered') && (query.kind === null || entry.kind === query.kind) && (!query.dispositionMissing || entry.dispositionMissing));
    const from = query.before === null ? 0 : matching.findIndex(({ contactId }) => contactId === query.before?.contactId) + 1;
    const lines = matching.slice(from, from + query.limit).map((entry) => ({ ...entry, customerName: this.known.find(({ customerId }) => customerId === entry.customerId)?.name ?? '', calledBack: entry.outcome === 'closed' ? { at: entry.startedAt + 5_400_000, by: '김상담 1' } : null }));
    const last = lines.at(-1);
    return { lines, next: last === undefined || from + query.limit >= matching.length ? null : { startedAt: last.startedAt, contactId: last.contactId } };
  }

  /** `?meanwhile=name,note`: somebody else saves these fields of a customer just before, once. Null: nobody did. */
  changedMeanwhile(fields: string | null, customerId: string, version: unknown): Customer | null {
    const known = this.known.find((each) => each.customerId === customerId);
    if (fields === null || known === undefined || known.version !== version || version !== '1') return null;
    const theirs = { name: `${known.name}-A`, company: '한빛물산', warning: '본인 확인 필수', note: '오후에 연락 주시기를 바라심.\n배송지는 회사로.', vip: !known.vip, numbers: [...known.numbers, { e164: '+82212345679', label: '대표' }] };
    return this.save(customerId, { ...known, ...Object.fromEntries(Object.entries(theirs).filter(([field]) => fields.split(',').includes(field))) }, Date.now());
  }

  give(customerId: string, e164: string, now: number): Customer {
    const known = this.known.find((each) => each.customerId === customerId) ?? madeCustomer(0);
    return this.save(customerId, { ...known, numbers: [...known.numbers, { e164, label: '' }] }, now);
  }

  save(customerId: string | null, draft: CustomerDraft, now: number): Customer {
    const customer = { ...draft, customerId: CustomerId.parse(customerId ?? `c-n${this.known.length}`), updatedAt: now, version: String(now) };
    const index = this.known.findIndex((each) => each.customerId === customerId);
    if (index < 0) this.known.push(customer);
    else this.known[index] = customer;
    return customer;
  }
}

function madeEntry(index: number, now: number, known: readonly Customer[]): TimelineEntry {
  const customer = known[(index * 37) % known.length];
  const missed = index % 7 === 3;
  const kind = index % 9 === 5 ? 'internal' : index % 5 === 2 ? 'outbound' : 'inbound';
  const startedAt = officeTimeBefore(now, index * 11 + 4);
  const stranger = index % 6 === 1 || kind === 'internal';
  const lacking = index % 14 === 6 && !missed && kind === 'inbound';
  return TimelineEntry.parse({
    contactId: `h-${index}`,
    customerId: stranger ? null : (customer?.customerId ?? null),
    number: kind === 'internal' ? String(1002 + (index % 6)) : stranger ? `+8210${String(91_000_000 + index * 31)}` : (customer?.numbers[0]?.e164 ?? ''),
    kind,
    startedAt,
    groupId: kind === 'inbound' ? 'g-orders' : null,
    groupName: kind === 'inbound' ? ['주문', '기술 지원'][index % 2] : '',
    agentId: missed ? null : index % 3 === 0 ? 'a1' : 'a2',
    agentName: missed ? '' : index % 3 === 0 ? '김상담 1' : '이상담 2',
    outcome: missed ? ['abandonedWaiting', 'noAnswer', 'abandonedRinging', 'closed'][index % 4] : 'answered',
    talkMs: missed ? 0 : 35_000 + ((index * 7717) % 540) * 1000,
    disposition: missed || lacking || kind === 'internal' ? '' : ['배송 지연', '주문 문의', '교환·반품', '불만'][index % 4],
    memo: missed || index % 3 === 1 ? '' : '배송 지연 문의. 내일 오전 도착 예정으로 안내함.',
    version: '1',
    waitedMs: kind === 'inbound' ? 24_000 : null,
    endedBy: missed ? 'customer' : index % 2 === 0 ? 'agent' : 'customer',
    dispositionMissing: lacking,
    corrected: index % 6 === 0 && !missed ? { at: startedAt + 180_000, by: '관리자 1' } : null,
    parts: kind === 'internal' ? [] : partsOf(index, startedAt, missed),
  });
}

function partsOf(index: number, at: number, missed: boolean): unknown[] {
  const talked = (agentId: string, name: string, as: string, after: number, more: object) => ({ kind: 'talked', at: at + after, agentId, name, number: '', as, from: '', talkMs: 98_000, holdMs: 0, consultMs: 12_000, to: '', ...more });
  const waited = [{ kind: 'waited', at, groupName: '주문', ms: 24_000 }, ...(index % 4 === 0 ? [{ kind: 'missed', at: at + 20_000, agentId: 'a3', name: '박상담 3', why: 'rona' }] : [])];
  if (missed) return waited;
  return [...waited, talked('a1', '김상담 1', 'answered', 24_000, { to: '이상담 2' }), talked('a2', '이상담 2', 'consulted', 110_000, { from: '김상담 1', talkMs: 214_000, holdMs: 31_000 })];
}
