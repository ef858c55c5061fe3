import { defaultSettings, SessionView } from '../../contract/bridge/index.ts';
import type { AgentState } from '../../contract/agent-state.ts';
import { ContactView } from '../../contract/contact.ts';
import { CustomerRecord } from '../../contract/customer.ts';
import { AgentCard } from '../../contract/directory.ts';
import { AgentId } from '../../contract/ids.ts';
import { allowedActions, type ParticipantState } from '../../contract/participant-state.ts';
import { DirectCalls, GroupStatistics } from '../../contract/statistics.ts';
import { officeTimeBefore } from './dev-times.ts';
import { enlarged } from './dev-wall.ts';

/** A pretended session, with what its window may look at beside it. */
export interface DevView extends SessionView {
  agents: AgentCard[];
  statistics: GroupStatistics[];
  directCalls: DirectCalls;
}

/** Sessions to look at screens with, in development only. Everything in them is invented. */
export const scenarioNames = ['signedOut', 'idle', 'away', 'ringing', 'ringingUnknown', 'talking', 'dialledOn', 'reconnecting', 'held', 'consulting', 'asked', 'conference', 'afterCall', 'talkingRinging', 'trouble', 'rona', 'wall', 'empty', 'low', 'full', 'supervised', 'supervising'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

const MINUTE = 60_000;
const CONTACT = 'k-1001';
export const KNOWN_NUMBER = '+821000000001';

const FAMILY = ['김', '이', '박', '최', '정', '강', '조', '윤'];

function agentState(index: number): AgentState {
  const states: AgentState[] = [
    { name: 'READY' },
    { name: 'READY' },
    { name: 'TALKING', contactId: 'k-900' as never, resume: { name: 'READY' }, pending: null },
    { name: 'NOT_READY', reason: 'break' },
    { name: 'AFTER_CALL', contactId: 'k-901' as never, deadline: null, pending: null },
    { name: 'NOT_READY', reason: 'meal' },
    { name: 'READY' },
    { name: 'LOGGED_OUT' },
  ];
  return states[index % states.length] ?? { name: 'READY' };
}

const agentsAt = (now: number, mine: AgentState, mySince: number) =>
  FAMILY.map((family, index) => ({
    agentId: `a${index + 1}`,
    name: `${family}상담 ${index + 1}`,
    extension: `${1001 + index}`,
    role: 'agent',
    groupIds: index % 3 === 2 ? ['g-tech'] : index % 3 === 1 ? ['g-orders', 'g-tech'] : ['g-orders'],
    state: index === 0 ? mine : agentState(index),
    since: index === 0 ? mySince : now - (index * 97 + 20) * 1000,
    connected: true,
    reachable: index !== 7,
  }));

const hours = (peak: number) =>
  Array.from({ length: 10 }, (_, index) => {
    const offered = Math.round(peak * (0.5 + 0.5 * Math.sin((index - 1) / 1.6)));
    const answered = Math.round(offered * 0.9);
    return { hour: 9 + index, offered, answered, abandoned: offered - answered };
  });

const statisticsAt = (now: number) =>
  ['g-orders', 'g-tech'].map((groupId, index) => ({
    groupId,
    waiting: index === 0 ? 3 : 0,
    oldestWaitingSince: index === 0 ? now - 74_000 : null,
    agents: { ready: 2 - index, reserved: 0, talking: 2, afterCall: 1, away: 1, loggedOut: 1 },
    today: { offered: 128, answered: 115, answeredInTime: 96, abandoned: 11, shortAbandoned: 2, rona: 3, closed: 0, noAgents: 1, queueFull: 0, transferredOut: 9, handled: 115, answerDelayMs: 115 * 14_000, talkMs: 115 * 180_000, holdMs: 115 * 12_000, afterCallMs: 115 * 35_000 },
    serviceLevel: index === 0 ? 0.76 : 0.91,
    answerRate: index === 0 ? 0.83 : 0.94,
    abandonRate: 0.09,
    asaMs: 14_000 + index * 4000,
    ahtMs: 227_000,
    byHour: hours(24),
    lastWeekByHour: hours(20),
  }));

interface ContactIdea {
  state: ParticipantState;
  contactId?: string;
  number?: string;
  known?: boolean;
  target?: boolean;
}

/** One inbound contact in the given state, as the center would describe it. */
export function contactAt(now: number, { state, contactId = CONTACT, number = KNOWN_NUMBER, known = true, target = false }: ContactIdea): ContactView {
  const ringing = state === 'ringing';
  const ended = state === 'afterCall';
  const leg = (party: string, name: string, legNumber: string, agentId: string | null, legState: string) => ({ legId: `${contactId}-${party}`, party, name, number: legNumber, agentId, state: legState, since: now - 30_000, muted: false, aside: false });
  const customerHeld = ['held', 'consultDialling', 'consulting'].includes(state);
  return ContactView.parse({
    contactId,
    kind: 'inbound',
    startedAt: now - 3 * MINUTE,
    groupId: 'g-orders',
    dialled: '+8215880000',
    number,
    customerId: known ? 'c-1' : null,
    customerName: known ? '고객 0001' : '',
    flowPath: ['주문', '배송 조회'],
    queuedAt: ringing ? now - 41_000 : null,
    waitedMs: ringing ? null : 32_000,
    consultation: target && state !== 'conference' ? { by: `${contactId}-agent`, target: `${contactId}-target`, state: state === 'consultDialling' ? 'dialling' : state === 'swapped' ? 'swapped' : 'private' } : null,
    supervisors: [],
    legs: [
      leg('customer', known ? '고객 0001' : '', number, null, ended ? 'ended' : customerHeld ? 'held' : 'up'),
      leg('agent', '김상담 1', '1001', 'a1', ringing ? 'ringing' : ended ? 'ended' : 'up'),
      ...(target ? [leg('target', '이상담 2', '1002', 'a2', state === 'consultDialling' ? 'ringing' : state === 'swapped' ? 'held' : 'up')] : []),
    ],
    me: {
      legId: `${contactId}-agent`,
      dialogKey: `${contactId}-agent`,
      state,
      since: now - (ringing ? 4000 : 95_000),
      allowed: [...allowedActions(state)],
      offer: ringing ? { via: 'group', from: '', deadline: now + 16_000 } : null,
      answeredAt: ringing ? null : now - 95_000,
      wrapUpDeadline: ended ? now + 47_000 : null,
      dispositionRequired: false,
    },
    dispositionId: null,
    memo: '',
    outcome: ended ? 'answered' : null,
  });
}

/** A colleague asks me about their customer, and has just swapped back to them. */
function askedAt(now: number): ContactView {
  const contact = contactAt(now, { state: 'talking', target: true });
  const [customer, other, me] = contact.legs;
  if (customer === undefined || other === undefined || me === undefined) return contact;
  const by = { ...other, name: '이상담 2', number: '1002' };
  return { ...contact, legs: [customer, by, { ...me, name: '김상담 1', number: '1001', state: 'held' }], consultation: { by: by.legId, target: me.legId, state: 'swapped' }, me: { ...contact.me, legId: me.legId } };
}

const contactsOf: Record<ScenarioName, (now: number) => ContactView[]> = {
  signedOut: () => [],
  idle: () => [],
  away: () => [],
  rona: () => [],
  trouble: () => [],
  low: () => [],
  full: () => [],
  wall: () => [],
  empty: () => [],
  ringing: (now) => [contactAt(now, { state: 'ringing' })],
  ringingUnknown: (now) => [contactAt(now, { state: 'ringing', number: '+821000000009', known: false })],
  talking: (now) => [contactAt(now, { state: 'talking' })],
  dialledOn: (now) => [contactAt(now, { state: 'talking' })],
  reconnecting: (now) => [contactAt(now, { state: 'talking' })],
  held: (now) => [contactAt(now, { state: 'held' })],
  consulting: (now) => [contactAt(now, { state: 'consulting', target: true })],
  asked: (now) => [askedAt(now)],
  conference: (now) => [contactAt(now, { state: 'conference', target: true })],
  supervised: (now) => [{ ...contactAt(now, { state: 'talking' }), supervisors: [{ agentId: AgentId.parse('a9'), name: '관리자 1', mode: 'whisper' }] }],
  supervising: () => [],
  afterCall: (now) => [contactAt(now, { state: 'afterCall' })],
  talkingRinging: (now) => [contactAt(now, { state: 'talking' }), contactAt(now, { state: 'ringing', contactId: 'k-1002', number: '+82212345678', known: false })],
};

/** The agent state that goes with a participant's. */
export function agentStateFor(contact: ContactView | undefined, rest: AgentState): AgentState {
  if (contact === undefined || contact.me.state === 'ended') return rest;
  const { contactId } = contact;
  if (contact.me.state === 'ringing') return { name: 'RESERVED', contactId, resume: { name: 'READY' }, pending: null };
  if (contact.me.state === 'afterCall') return { name: 'AFTER_CALL', contactId, deadline: contact.me.wrapUpDeadline, pending: null };
  return { name: 'TALKING', contactId, resume: { name: 'READY' }, pending: null };
}

const restOf = (name: ScenarioName): AgentState => {
  if (name === 'away') return { name: 'NOT_READY', reason: 'meal' };
  return name === 'rona' ? { name: 'NOT_READY', reason: 'rona' } : { name: 'READY' };
};

/** The whole session of a scenario. Its overrides `theme` and `language` come from the address. */
export function sessionOf(name: ScenarioName, now: number, overrides: { theme: 'light' | 'dark' | null; language: 'ko' | 'en' | null; role: string; dock: boolean }): DevView {
  const contacts = contactsOf[name](now);
  const trouble = name === 'trouble';
  const agents = agentsAt(now, agentStateFor(contacts[0], restOf(name)), now - 95_000);
  const session = SessionView.parse({
    version: { run: 'scenario', n: 0 },
    host: 'web',
    phase: name === 'signedOut' ? 'signedOut' : 'signedIn',
    endedBy: null,
    me: name === 'signedOut' ? null : { agentId: 'a1', account: 'agent1', name: '김상담 1', role: overrides.role, duties: [], kind: 'desk', extension: '1001', groupIds: ['g-orders'] },
    health: {
      cti: { state: trouble ? 'lost' : 'connected', error: trouble ? { code: 'center.unreachable', message: '' } : null },
      phone: { state: trouble ? 'lost' : 'registered', error: trouble ? { code: 'phone.not-registered', message: '' } : null },
      microphone: trouble ? 'denied' : 'ok',
      switch: 'available',
      store: overrides.role === 'agent' ? null : name === 'full' ? { state: 'failing', cause: 'full' } : name === 'low' ? { state: 'low' } : { state: 'well' },
      cache: trouble ? { state: 'syncing', storage: 'encrypted', remaining: 420 } : { state: 'ready', storage: 'encrypted', remaining: 0 },
    },
    clockOffsetMs: 0,
    timeZone: 'Asia/Seoul',
    contacts,
    audio: contacts.map(({ contactId, me }) => ({ contactId, dialog: me.state === 'ringing' ? 'ringing' : me.state === 'afterCall' ? 'none' : 'established', muted: false, media: me.state === 'ringing' ? 'none' : name === 'reconnecting' ? 'reconnecting' : 'connected' })),
    dialledOn: name === 'dialledOn' && contacts[0] !== undefined ? { dialogKey: contacts[0].me.dialogKey, keys: ['101#', '22'] } : null,
    card: agents[0],
    groups: [
      { groupId: 'g-orders', name: '주문', open: true, openOverride: null, serviceLevelMs: 20_000, wrapUpMs: 60_000, dispositionRequired: false, refusesWhenEmpty: true, maxWaiting: 50 },
      { groupId: 'g-tech', name: '기술 지원', open: true, openOverride: null, serviceLevelMs: 20_000, wrapUpMs: 60_000, dispositionRequired: false, refusesWhenEmpty: true, maxWaiting: 50 },
    ],
    dialling: { classes: ['emergency', 'internal', 'local', 'mobile', 'national'], blocked: false, home: '', own: ['+8215880000'] },
    dispositions: ['주문 문의', '배송 지연', '교환·반품', '기술 지원', '불만', '기타'].map((text, index) => ({ dispositionId: `d-${index + 1}`, name: text, groupId: null })),
    setUp: {},
    supervision: name === 'supervising' ? { agentId: 'a3', contactId: 'k-900', mode: 'listen', state: 'up', since: now - 42_000, dialogKey: 'ear' } : null,
    settings: { ...defaultSettings, theme: overrides.theme, language: overrides.language, dock: overrides.dock },
    desktop: null,
  });
  const view: DevView = {
    ...session,
    agents: AgentCard.array().parse(agents),
    statistics: GroupStatistics.array().parse(statisticsAt(now)),
    directCalls: DirectCalls.parse({
      internal: { attempted: 14, answered: 11, busy: 2, noAnswer: 1, rejected: 0, unknownNumber: 0, failed: 0, talkMs: 11 * 60_000 },
      outbound: { attempted: 23, answered: 17, busy: 1, noAnswer: 4, rejected: 1, unknownNumber: 0, failed: 0, talkMs: 17 * 90_000 },
    }),
  };
  if (name === 'empty') return { ...view, groups: [], statistics: [], agents: view.agents.slice(0, 1) };
  return name === 'wall' ? enlarged(view, now) : view;
}

/** The customer cache of every scenario: one customer with a history. */
export const recordAt = (now: number): CustomerRecord =>
  CustomerRecord.parse({
    customer: {
      customerId: 'c-1',
      name: '고객 0001',
      company: '한빛상사',
      numbers: [{ e164: KNOWN_NUMBER, label: '휴대폰' }, { e164: '+82212345678', label: '회사' }],
      vip: true,
      warning: '결제 정보를 전화로 말하지 않도록 안내',
      note: '오전 연락 선호. 배송지는 회사로.',
      updatedAt: now - 86_400_000,
      version: '1',
    },
    timeline: Array.from({ length: 9 }, (_, index) => ({
      contactId: `old-${index}`,
      customerId: 'c-1',
      number: KNOWN_NUMBER,
      kind: index % 4 === 1 ? 'outbound' : 'inbound',
      startedAt: officeTimeBefore(now, (index * 5 + 1) * 580),
      groupId: 'g-orders',
      groupName: '주문',
      agentId: index % 5 === 3 ? null : 'a2',
      agentName: index % 5 === 3 ? '' : '이상담 2',
      outcome: index % 5 === 3 ? 'abandonedWaiting' : 'answered',
      talkMs: index % 5 === 3 ? 0 : 140_000 + index * 31_000,
      disposition: index % 5 === 3 ? '' : ['배송 지연', '주문 문의', '교환·반품'][index % 3],
      memo: index % 5 === 3 ? '' : ['주문 20231 배송 지연 문의. 내일 오전 도착 예정으로 안내함.', '색상 변경 요청, 재고 확인 후 변경 처리.', '반품 접수. 수거 기사 방문일 11/26.'][index % 3],
    })),
  });
