import type { AgentId, ContactId, GroupId } from '../../contract/ids.ts';
import type { ContactOutcome } from '../../contract/customer.ts';
import type { Counters, DirectCalls, DirectCounters, HourCounters } from '../../contract/statistics.ts';
import { localTime } from '../../contract/local-time.ts';
import type { CenterEvent } from '../events.ts';

/** What one group counted on one business day. */
export interface DayCounters {
  today: Counters;
  /** By hour of the day; only hours in which something happened. */
  byHour: Map<number, HourCounters>;
  /** Answered by each agent. */
  answeredBy: Map<AgentId, number>;
  /** Contacts whose wait was answered: one that comes back to its place in the queue is not offered, answered or abandoned anew. */
  answeredWaits: Set<ContactId>;
  /** Contact and agent: who gets a contact back has handled it once. */
  handledBy: Set<string>;
  /** Contacts that were sent on; one that comes back was not. */
  sentOn: Set<ContactId>;
}

const noCounters = (): Counters => ({
  offered: 0,
  answered: 0,
  answeredInTime: 0,
  abandoned: 0,
  shortAbandoned: 0,
  rona: 0,
  closed: 0,
  noAgents: 0,
  queueFull: 0,
  transferredOut: 0,
  handled: 0,
  answerDelayMs: 0,
  talkMs: 0,
  holdMs: 0,
  afterCallMs: 0,
});

export const emptyDay = (): DayCounters => ({ today: noCounters(), byHour: new Map(), answeredBy: new Map(), answeredWaits: new Set(), handledBy: new Set(), sentOn: new Set() });

/** Whether this is the first time; what has no id is always. */
function isFirst<Id>(seen: Set<Id>, id: Id | null): boolean {
  if (id === null) return true;
  const isNew = !seen.has(id);
  seen.add(id);
  return isNew;
}

/** A transfer that nobody took was none. */
function takeBack({ today, sentOn }: DayCounters, contactId: ContactId | null): void {
  if (contactId !== null && sentOn.delete(contactId)) today.transferredOut -= 1;
}

function hourOf({ byHour }: DayCounters, hour: number): HourCounters {
  const known = byHour.get(hour);
  if (known !== undefined) return known;
  const made = { hour, offered: 0, answered: 0, abandoned: 0 };
  byHour.set(hour, made);
  return made;
}

/**
 * Folds one event of a group into its day. The same fold counts live and recounts from the log, so both agree.
 * An answer and an abandon count in the hour they happened in, and each once for each time a contact was queued.
 */
export function count(day: DayCounters, event: CenterEvent, timeZone: string): void {
  const { today } = day;
  const hour = () => hourOf(day, localTime(event.at, timeZone).hour);
  switch (event.type) {
    case 'contact.queued':
      if (event.contactId !== null) day.answeredWaits.delete(event.contactId);
      today.offered += 1;
      hour().offered += 1;
      return;
    case 'contact.refused':
      today[event.data.outcome] += 1;
      return;
    case 'contact.answered':
      if (event.agentId !== null) day.answeredBy.set(event.agentId, (day.answeredBy.get(event.agentId) ?? 0) + 1);
      if (!isFirst(day.answeredWaits, event.contactId)) return;
      today.answered += 1;
      if (event.data.inTime) today.answeredInTime += 1;
      today.answerDelayMs += event.data.delayMs;
      hour().answered += 1;
      return;
    case 'contact.abandoned':
      if (event.contactId !== null && day.answeredWaits.has(event.contactId)) return;
      if (event.data.short) today.shortAbandoned += 1;
      else {
        today.abandoned += 1;
        hour().abandoned += 1;
      }
      return;
    case 'contact.offerEnded':
      if (event.data.why === 'rona') today.rona += 1;
      return;
    case 'contact.transferred':
      today.transferredOut += 1;
      if (event.contactId !== null) day.sentOn.add(event.contactId);
      return;
    case 'contact.requeued':
      if (event.data.why === 'unanswered') takeBack(day, event.contactId);
      return;
    case 'contact.returned':
      takeBack(day, event.contactId);
      return;
    case 'contact.handled':
      if (isFirst(day.handledBy, `${event.contactId} ${event.agentId}`)) today.handled += 1;
      today.talkMs += event.data.contactTalkMs ?? event.data.talkMs;
      today.holdMs += event.data.contactHoldMs ?? event.data.holdMs;
      today.afterCallMs += event.data.afterCallMs;
      return;
    default:
      // The other events count nowhere.
      return;
  }
}

/** Counts a whole list of events, a day for each group in it. */
export function countAll(events: readonly CenterEvent[], timeZone: string): Map<GroupId, DayCounters> {
  const days = new Map<GroupId, DayCounters>();
  for (const event of events) {
    if (event.groupId === null) continue;
    const day = days.get(event.groupId) ?? emptyDay();
    days.set(event.groupId, day);
    count(day, event, timeZone);
  }
  return days;
}

const noDirectCounters = (): DirectCounters => ({ attempted: 0, answered: 0, busy: 0, noAnswer: 0, rejected: 0, unknownNumber: 0, failed: 0, talkMs: 0 });

export const noDirectCalls = (): DirectCalls => ({ internal: noDirectCounters(), outbound: noDirectCounters() });

/** What a call came to, in the words of its counters. One to a number of our own may have ended in a flow or a queue. */
const DIRECT: Readonly<Record<ContactOutcome, Exclude<keyof DirectCounters, 'attempted' | 'talkMs'>>> = {
  answered: 'answered',
  abandonedInFlow: 'noAnswer',
  abandonedWaiting: 'noAnswer',
  abandonedRinging: 'noAnswer',
  closed: 'noAnswer',
  noAgents: 'noAnswer',
  queueFull: 'noAnswer',
  busy: 'busy',
  noAnswer: 'noAnswer',
  rejected: 'rejected',
  unknownNumber: 'unknownNumber',
  networkLost: 'failed',
  failed: 'failed',
};

/** Folds one event into the calls that belong to no group. Answers whether it counted. */
export function countDirect(calls: DirectCalls, event: CenterEvent): boolean {
  if (event.type !== 'contact.ended' || event.data.kind === 'inbound') return false;
  const { kind, outcome, talkMs } = event.data;
  const counters = calls[kind];
  counters.attempted += 1;
  // A call that was lost after it was answered was answered.
  counters[talkMs > 0 ? 'answered' : DIRECT[outcome]] += 1;
  counters.talkMs += talkMs;
  return true;
}
