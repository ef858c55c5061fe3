import type { Role } from '../../../contract/permissions.ts';
import { AgentId, DispositionId, FlowId, GroupId } from '../../../contract/ids.ts';
import { defaultDialling } from '../../dialling/rules.ts';
import { firstPlain, noPlain } from '../../configuration/plain-kinds.ts';
import type { PersonRecord, Configuration, FlowRecord, FlowStep, GroupRecord, PhoneRecord } from '../../configuration/records.ts';

/** Password of every demo account. Refused outside demo mode. */
export const DEMO_PASSWORD = 'sangdam-demo';
const DESK_PHONE_PASSWORD = 'desk-phone';
const CUSTOMER_PHONE_PASSWORD = 'customer';

export const ORDERS = GroupId.parse('orders');
export const TECHNICAL = GroupId.parse('technical');

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

const group = (groupId: GroupId, name: string): GroupRecord => ({
  groupId,
  name,
  strategy: 'longest-idle',
  serviceLevelMs: 20_000,
  wrapUpMs: 30_000,
  offerTimeoutMs: 20_000,
  maxWaiting: 50,
  conversationsAtOnce: 3,
  callBlocksConversations: true,
  whenEmpty: 'refuse',
  hours: [],
  openOverride: null,
  dispositionRequired: false,
});

/** Agents 1 to 4 take orders, 5 to 8 technical questions; 1 and 2 take both. */
function groupsOf(index: number): GroupId[] {
  if (index <= 2) return [ORDERS, TECHNICAL];
  return [index <= 4 ? ORDERS : TECHNICAL];
}

const person = (account: string, name: string, role: Role, extension: string, groupIds: GroupId[]): PersonRecord => ({
  agentId: AgentId.parse(account),
  account,
  name,
  role,
  duties: [],
  extension,
  memberships: groupIds.map((groupId) => ({ groupId, skill: 1 })),
});

const toGroup = (groupId: GroupId): FlowStep[] => [{ type: 'group', groupId }];

const flows = (orders: GroupRecord, technical: GroupRecord): FlowRecord[] => [
  {
    flowId: FlowId.parse('main'),
    name: '대표번호',
    steps: [
      { type: 'announce', announcement: 'greeting' },
      {
        type: 'menu',
        announcement: 'menu',
        options: [
          { digit: '1', label: orders.name, steps: toGroup(orders.groupId) },
          { digit: '2', label: technical.name, steps: toGroup(technical.groupId) },
        ],
        timeoutMs: 7000,
        tries: 3,
        otherwise: [{ type: 'announce', announcement: 'unavailable' }, { type: 'hangUp' }],
        wrongKeyAnnouncement: 'wrong-key',
      },
    ],
  },
  { flowId: FlowId.parse('technical-direct'), name: '기술지원 직통', steps: toGroup(technical.groupId) },
];

const phones = (): PhoneRecord[] => [
  ...range(1901, 1905).map((extension): PhoneRecord => ({ user: String(extension), password: DESK_PHONE_PASSWORD, displayName: `전화기 ${extension}`, number: String(extension), kind: 'desk' })),
  ...range(1, 9).map((index): PhoneRecord => ({ user: `c${index}`, password: CUSTOMER_PHONE_PASSWORD, displayName: `고객 전화 ${index}`, number: demoNumber(index), kind: 'customer' })),
];

/** E.164 of the demo customers' phones: 010-0000-0001 for c1. */
export const demoNumber = (index: number): string => `+82100000${String(index).padStart(4, '0')}`;

/** The office of the demo, from its groups to its telephones. */
export function demoConfiguration(): Configuration {
  const orders = group(ORDERS, '주문');
  const technical = group(TECHNICAL, '기술지원');
  return {
    people: [
      ...range(1, 8).map((index) => person(`agent${index}`, `상담원 ${index}`, 'agent', String(1000 + index), groupsOf(index))),
      person('supervisor', '관리자', 'supervisor', '1010', [ORDERS, TECHNICAL]),
      person('admin', '시스템 관리자', 'admin', '1011', []),
    ],
    groups: [orders, technical],
    numbers: [
      { e164: '+8215880000', name: '대표번호', flowId: FlowId.parse('main') },
      { e164: '+8215880001', name: '기술지원', flowId: FlowId.parse('technical-direct') },
    ],
    flows: flows(orders, technical),
    dispositions: ['주문 접수', '배송 문의', '교환·반품', '결제 문의', '제품 문의', '고장 접수', '불만 접수', '기타'].map((name, index) => ({
      dispositionId: DispositionId.parse(`d${index + 1}`),
      name,
      groupId: null,
    })),
    phones: phones(),
    dialling: defaultDialling(),
    timeZone: 'Asia/Seoul',
    plain: firstPlain(),
    former: noPlain(),
    shortAbandonMs: 5000,
    company: '',
  };
}

/** Whether a phone's account is one of the demo, as anyone may read them in the README. */
export const isDemoPhone = ({ password }: Pick<PhoneRecord, 'password'>): boolean => password === DESK_PHONE_PASSWORD || password === CUSTOMER_PHONE_PASSWORD;
