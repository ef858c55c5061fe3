import { plainLine, type ContactOutcome, type ContactPart, type Customer, type TimelineEntry } from '../../../contract/customer.ts';
import { ContactId, CustomerId } from '../../../contract/ids.ts';
import { agentsIn, type AgentRecord, type Configuration, type GroupRecord } from '../../configuration/records.ts';
import { demoNumber } from './office.ts';
import { between, pick, seededRandom } from './random.ts';

/** Customers of the demo unless fewer are wanted, the first seven of whom own the phones c1 to c7. c8 and c9 are strangers. */
const CUSTOMERS = 1000;
const KNOWN_PHONES = 7;
const DAY_MS = 86_400_000;
const HISTORY_DAYS = 90;

/** Firms that do not exist: a word of nature before a trade. */
const SIGNS = ['푸른', '새벽', '단풍', '솔숲', '별빛', '초록', '노을', '은하', '바람', '봄비'];
const TRADES = ['꽃집', '빵집', '서점', '공방', '문구점', '세탁소', '인쇄소', '목공소', '과수원', '사진관', '철물점', '자전거점'];
/** Who calls for a firm, and who calls for themselves, by what they are and do: nobody's name. */
const TITLES = ['대표', '점장', '실장', '구매 담당', '회계 담당', '매니저', '팀장', '총무'];
const LIVES = ['주말 농부', '새내기 부모', '자전거 통근자', '홈카페 주인', '캠핑 동호인', '초보 집사', '이웃 반장', '정기구독자', '뜨개 모임 총무', '새벽 산책자', '동네 악단 단원', '이사 준비 중'];

const WARNINGS = ['통화 중 욕설 이력 있음', '환불 분쟁 진행 중', '본인 확인 필수', '녹취 동의 거부'];
const NOTES = ['오전 통화를 선호하심', '이메일로 자료를 원하심', '청각이 약하시니 천천히 안내', '정기 배송 고객', '세금계산서 담당자', ''];
const MEMOS: Record<string, readonly string[]> = {
  '주문 접수': ['정수기 필터 2개 주문. 내일 도착 안내.', '전화 주문, 카드 결제 완료.', '주문 수량 3개에서 5개로 변경.'],
  '배송 문의': ['배송 지연 사과, 내일 오전 도착 예정 안내.', '송장번호 문자로 안내함.', '부재로 반송, 재배송 요청.'],
  '교환·반품': ['사이즈 교환 접수. 회수 기사 방문 예정.', '단순 변심 반품, 배송비 안내함.', '포장 개봉 여부 확인 후 반품 접수.'],
  '결제 문의': ['이중 결제 확인, 1건 취소 처리.', '할부 개월 수 변경 문의. 카드사 안내.', '현금영수증 재발행.'],
  '제품 문의': ['신제품 출시일 문의. 다음 달 예정 안내.', '호환 기종 확인 요청.', '사용 설명서 링크 발송.'],
  '고장 접수': ['전원이 켜지지 않음. 기사 방문 예약.', '소음 발생, 원격 점검 후 부품 교체 접수.', '펌웨어 업데이트로 해결.'],
  '불만 접수': ['상담 대기 시간 불만. 사과드리고 의견 전달.', '설치 기사 불친절 불만. 담당 부서 이관.'],
  기타: ['단순 문의 후 종료.', '잘못 건 전화.', '담당자 회신 요청.'],
};

/** The store gives versions. */
type DemoCustomer = Omit<Customer, 'version'>;

export interface DemoPeople {
  customers: DemoCustomer[];
  timeline: TimelineEntry[];
}

/**
 * The customers of the demo with up to eight contacts each over the 90 days before `now`. The same for the same `now`,
 * but for the times the same always; of fewer customers, the first ones of all.
 */
export function demoPeople(configuration: Configuration, now: number, count = CUSTOMERS): DemoPeople {
  const random = seededRandom(2417);
  const customers: DemoCustomer[] = [];
  const timeline: TimelineEntry[] = [];
  for (let index = 1; index <= count; index++) {
    const entries = history(random, configuration, index, now);
    timeline.push(...entries);
    customers.push({ ...customer(random, index), updatedAt: Math.max(now - HISTORY_DAYS * DAY_MS, ...entries.map((entry) => entry.startedAt)) });
  }
  return { customers, timeline: timeline.sort((a, b) => a.startedAt - b.startedAt) };
}

const customerIdOf = (index: number): CustomerId => CustomerId.parse(`cu-${String(index).padStart(4, '0')}`);

function customer(random: () => number, index: number): DemoCustomer {
  // Nobody's name and nobody's number: what looks real would be somebody's.
  const company = random() < 0.3 ? `${pick(random, SIGNS)}${at(TRADES, index)}` : '';
  const name = `${company === '' ? at(LIVES, index) : at(TITLES, index)} ${fourDigits(index)}`;
  const isFirst = index === 1;
  const numbers = [{ e164: mobileOf(index), label: '휴대전화' }];
  if (company !== '') numbers.push({ e164: `+822000${fourDigits(index)}`, label: '회사' });
  return {
    customerId: customerIdOf(index),
    name,
    company,
    numbers,
    vip: random() < 0.05 || isFirst,
    warning: random() < 0.03 && !isFirst ? pick(random, WARNINGS) : '',
    note: random() < 0.25 ? pick(random, NOTES) : '',
    updatedAt: 0,
  };
}

/** In turn, so that neighbours in a list differ. */
const at = (words: readonly string[], index: number): string => words[index % words.length] ?? '';

const fourDigits = (value: number): string => String(value).padStart(4, '0');

/** From the demo phones' block 010-0000, in which no number is assigned to anyone. */
const mobileOf = (index: number): string => (index <= KNOWN_PHONES ? demoNumber(index) : demoNumber(1000 + index));

function history(random: () => number, configuration: Configuration, index: number, now: number): TimelineEntry[] {
  // Who calls in the demo has something to show on the screen pop.
  const count = index <= 3 ? 6 + index % 3 : between(random, 0, 8);
  return Array.from({ length: count }, (_, turn) => contact(random, configuration, index, turn, now)).sort((a, b) => a.startedAt - b.startedAt);
}

function contact(random: () => number, configuration: Configuration, index: number, turn: number, now: number): TimelineEntry {
  const group = pick(random, configuration.groups);
  const agent = pick(random, membersOf(configuration, group));
  const outcome: ContactOutcome = random() < 0.88 ? 'answered' : pick(random, ['abandonedWaiting', 'abandonedRinging', 'closed', 'noAgents']);
  const answered = outcome === 'answered';
  const disposition = answered ? pick(random, configuration.dispositions).name : '';
  const kind = answered && random() < 0.15 ? 'outbound' : 'inbound';
  const startedAt = officeHour(random, now);
  const talkMs = answered ? between(random, 20, 600) * 1000 : 0;
  // Not by chance: what else is in the demo must not depend on how much of it there is.
  const waitedMs = kind === 'inbound' && outcome !== 'closed' && outcome !== 'noAgents' ? (3 + ((index * 7 + turn * 13) % 80)) * 1000 : 0;
  const waited: ContactPart[] = waitedMs === 0 ? [] : [{ kind: 'waited', at: startedAt, groupId: group.groupId, groupName: group.name, ms: waitedMs }];
  const talked: ContactPart[] = answered ? [{ kind: 'talked', at: startedAt + waitedMs, agentId: agent.agentId, name: agent.name, number: '', as: kind === 'outbound' ? 'dialled' : 'answered', from: '', talkMs, holdMs: 0, consultMs: 0, to: '' }] : [];
  return {
    ...plainLine,
    contactId: ContactId.parse(`demo-${index}-${turn}`),
    customerId: customerIdOf(index),
    number: mobileOf(index),
    kind,
    startedAt,
    groupId: group.groupId,
    groupName: group.name,
    agentId: answered ? agent.agentId : null,
    agentName: answered ? agent.name : '',
    outcome,
    talkMs,
    parts: [...waited, ...talked],
    waitedMs: waitedMs === 0 ? null : waitedMs,
    endedBy: answered ? (turn % 3 === 0 ? 'agent' : 'customer') : waitedMs === 0 ? 'center' : 'customer',
    disposition,
    memo: answered && random() < 0.9 ? pick(random, MEMOS[disposition] ?? ['']) : '',
  };
}

const membersOf = (configuration: Configuration, { groupId }: GroupRecord): AgentRecord[] => agentsIn(configuration).filter(({ role, memberships }) => role === 'agent' && memberships.some((membership) => membership.groupId === groupId));

const KST_OFFSET_MS = 9 * 3_600_000;

/** A moment between 09:00 and 18:00 in Seoul on a working day of the 90 days that are over. */
function officeHour(random: () => number, now: number): number {
  const today = Math.floor((now + KST_OFFSET_MS) / DAY_MS) * DAY_MS;
  const day = today - between(random, 1, HISTORY_DAYS) * DAY_MS;
  return workingDay(day) - KST_OFFSET_MS + between(random, 9 * 3600, 18 * 3600 - 1) * 1000;
}

/** The day itself, or the Friday before a weekend. @param day its midnight, as if Seoul's were UTC's */
function workingDay(day: number): number {
  const beyondFriday: Partial<Record<number, number>> = { 6: 1, 0: 2 };
  return day - (beyondFriday[new Date(day).getUTCDay()] ?? 0) * DAY_MS;
}
