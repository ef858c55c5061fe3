import type { AgentState } from '../../contract/agent-state.ts';
import type { DevView } from './dev-scenarios.ts';
import { AgentCard, GroupCard } from '../../contract/directory.ts';
import { GroupId } from '../../contract/ids.ts';
import type { GroupStatistics } from '../../contract/statistics.ts';

/** A large center to look at screens with, in development only: 50 groups, 500 agents, changing all the time. */
const GROUPS = 50;
const AGENTS = 500;

const AREAS = ['주문', '배송', '교환·반품', '결제', '기술지원', '설치', '멤버십', '법인', '해외', '야간'];
const SITES = ['서울', '부산', '대전', '광주', '재택'];
const FAMILY = ['김', '이', '박', '최', '정', '강', '조', '윤', '장', '임'];
const AWAY = ['break', 'meal', 'meeting', 'training', 'other', 'rona'] as const;

function stateOf(index: number): AgentState {
  const contactId = `k-w${index}` as never;
  switch (index % 10) {
    case 0:
    case 1:
    case 2:
      return { name: 'READY' };
    case 3:
    case 4:
    case 5:
      return { name: 'TALKING', contactId, resume: { name: 'READY' }, pending: index % 20 === 5 ? { kind: 'away', reason: 'meal' } : null };
    case 6:
      return { name: 'AFTER_CALL', contactId, deadline: null, pending: null };
    case 7:
      return { name: 'NOT_READY', reason: AWAY[Math.floor(index / 10) % AWAY.length] ?? 'other' };
    case 8:
      return index % 20 === 8 ? { name: 'RESERVED', contactId, resume: { name: 'READY' }, pending: null } : { name: 'READY' };
    default:
      return { name: 'LOGGED_OUT' };
  }
}

/** The session, made as large as that. */
export function enlarged(view: DevView, now: number): DevView {
  const groups = Array.from({ length: GROUPS }, (_, index) => ({ groupId: `g-${index + 1}`, name: `${SITES[Math.floor(index / AREAS.length)]} ${AREAS[index % AREAS.length]}`, open: index % 17 !== 16, openOverride: index % 17 === 16 ? false : null, serviceLevelMs: 20_000, wrapUpMs: 60_000, dispositionRequired: false, refusesWhenEmpty: true, maxWaiting: 50 }));
  const others = Array.from({ length: AGENTS - 1 }, (_, index) => ({
    agentId: `w${index + 2}`,
    name: `${FAMILY[index % FAMILY.length]}상담 ${index + 2}`,
    extension: String(2002 + index),
    role: index % 40 === 39 ? 'supervisor' : 'agent',
    groupIds: [`g-${(index % GROUPS) + 1}`, ...(index % 5 === 0 ? [`g-${((index + 7) % GROUPS) + 1}`] : [])],
    state: stateOf(index * 7 + Math.floor(index / 10)),
    since: now - (stateOf(index * 7 + Math.floor(index / 10)).name === 'RESERVED' ? (index % 15) * 1000 : ((index * 37) % 1500) * 1000),
    connected: index % 97 !== 5,
    reachable: index % 61 !== 7,
  }));
  const groupIds = ['g-1', 'g-2'].map((id) => GroupId.parse(id));
  const me = view.agents.slice(0, 1).map((agent) => ({ ...agent, groupIds }));
  const enough: DevView = { ...view, me: view.me && { ...view.me, groupIds }, groups: GroupCard.array().parse(groups), agents: [...me, ...AgentCard.array().parse(others)], statistics: [] };
  return { ...enough, statistics: groups.map((_, index) => figuresOf(enough, index, now)) };
}

function figuresOf({ groups, agents }: DevView, index: number, now: number): GroupStatistics {
  const group = groups[index];
  if (group === undefined) throw new Error('no such group');
  const members = agents.filter(({ groupIds }) => groupIds.includes(group.groupId));
  const count = (name: AgentCard['state']['name']) => members.filter(({ state }) => state.name === name).length;
  const offered = 60 + ((index * 53) % 190);
  const answered = Math.round(offered * (0.64 + ((index * 7) % 36) / 100));
  const inTime = Math.round(answered * (0.72 + ((index * 5) % 28) / 100));
  const waiting = index % 4 === 1 ? (index % 7) + 1 : 0;
  const byHour = (factor: number) => Array.from({ length: 10 }, (_, hour) => {
    const calls = Math.round((offered / 8) * factor * (0.6 + 0.5 * Math.sin((hour + index) / 1.7)));
    const taken = Math.round(calls * 0.88);
    return { hour: 9 + hour, offered: calls, answered: taken, abandoned: calls - taken };
  });
  return {
    groupId: group.groupId,
    waiting,
    oldestWaitingSince: waiting === 0 ? null : now - ((index * 11) % 95) * 1000,
    agents: { ready: count('READY'), reserved: count('RESERVED'), talking: count('TALKING'), afterCall: count('AFTER_CALL'), away: count('NOT_READY'), loggedOut: count('LOGGED_OUT') },
    today: { offered, answered, answeredInTime: inTime, abandoned: offered - answered, shortAbandoned: 3, rona: 2, closed: index % 5 === 2 ? 4 : 0, noAgents: 0, queueFull: index % 3 === 2 ? 1 + (index % 12) : 0, transferredOut: 5, handled: answered, answerDelayMs: answered * 14_000, talkMs: answered * 180_000, holdMs: answered * 12_000, afterCallMs: answered * 30_000 },
    serviceLevel: inTime / offered,
    answerRate: answered / offered,
    abandonRate: (offered - answered) / offered,
    asaMs: 8000 + (index % 9) * 3000,
    ahtMs: 150_000 + (index % 13) * 14_000,
    byHour: byHour(1),
    lastWeekByHour: byHour(0.85),
  };
}

/** What may have changed a moment later: some agents' states, some queues. */
export function drifted(view: DevView, now: number, turn: number): Partial<DevView> {
  const agents = view.agents.map((agent, index) => (index > 0 && (index + turn) % 60 === 0 ? { ...agent, state: stateOf(index + turn), since: now } : agent));
  const changed = { ...view, agents };
  const statistics = view.statistics.map((figures, index) => {
    if ((index + turn) % 6 !== 0) return figures;
    const next = figuresOf(changed, index, now);
    const grown = Math.floor(turn / 6);
    const waiting = (figures.waiting + (turn % 3) + 3) % 6;
    return { ...next, waiting, oldestWaitingSince: waiting === 0 ? null : (figures.oldestWaitingSince ?? now), today: { ...next.today, offered: next.today.offered + grown, answered: next.today.answered + grown } };
  });
  return { agents, statistics };
}
