import { z } from 'zod';
import type { ContactOutcome } from '../../contract/customer.ts';
import { ContactId, EpochMs, GroupId, type AgentId } from '../../contract/ids.ts';
import { localTime } from '../../contract/local-time.ts';
import type { DirectCalls, DirectCounters } from '../../contract/statistics.ts';
import type { CenterEvent, CenterEventType } from '../events.ts';
import { groupIn, hourIn, type Hours } from './counters.ts';

/*
 * How the event log is counted. One fold, line by line in the order of the log: live, when a center starts, and into the
 * hourly roll-ups. Wherever it is cut, what it carries on makes the rest come out the same.
 */

/** Another number recounts what is kept: whenever the same lines would count differently. */
const FOLD = 1;

/** Names a way of counting: hours are those of a zone. */
export const foldVersion = (timeZone: string): string => `${FOLD} ${timeZone}`;

/** The lines that count; all others may be left out. */
export const COUNTED = [
  'contact.started',
  'contact.queued',
  'contact.refused',
  'contact.answered',
  'contact.abandoned',
  'contact.offerEnded',
  'contact.transferred',
  'contact.requeued',
  'contact.returned',
  'contact.handled',
  'contact.ended',
] as const satisfies readonly CenterEventType[];

/** Of each group apart. */
const Handled = z.array(z.string());

/** What has been counted of a contact that goes on, so that it counts once. */
const OpenContact = z.object({
  since: EpochMs,
  /** Groups in which its wait was answered: one that comes back to its place in the queue is not answered or abandoned anew. */
  answeredIn: z.array(GroupId),
  /** Group and agent: who gets a contact back has handled it once. */
  handledBy: Handled,
  /** Groups that sent it on, and the hour that counted it; one that comes back was not sent on. */
  sentOn: z.array(z.tuple([GroupId, EpochMs])),
});
type OpenContact = z.infer<typeof OpenContact>;

/** A contact that is over: who writes it up has still to be counted. */
const EndedContact = z.object({ at: EpochMs, handledBy: Handled });

/** What the fold needs to know of the lines before. Its size is that of the calls that go on, and not of the day. */
export interface Carried {
  open: Map<ContactId, OpenContact>;
  ended: Map<ContactId, z.infer<typeof EndedContact>>;
}

export const nothingCarried = (): Carried => ({ open: new Map(), ended: new Map() });

/** `Carried` as JSON has it. */
export const CarriedJson = z.object({ open: z.array(z.tuple([ContactId, OpenContact])), ended: z.array(z.tuple([ContactId, EndedContact])) });

export const carriedToJson = ({ open, ended }: Carried): z.infer<typeof CarriedJson> => ({ open: [...open], ended: [...ended] });
export const carriedFromJson = ({ open, ended }: z.infer<typeof CarriedJson>): Carried => ({ open: new Map(open), ended: new Map(ended) });

/** No call is longer: what has not ended by then has lost its end. */
const LONGEST_MS = 24 * 3600_000;
/** Nobody writes a contact up for longer. */
const LONGEST_WRITING_MS = 1800_000;

/** All changes of the clock, of all zones, are at multiples of it. */
const SLOT_MS = 900_000;
const HOUR_MS = 3600_000;

/** Finds the first moment of the hour that a moment is in. Lines come in about the order of time, and the last answer is kept. */
export function hourFinder(timeZone: string): (at: number) => number {
  let slot = NaN;
  let hour = NaN;
  return (at) => {
    const its = Math.floor(at / SLOT_MS);
    if (its !== slot) [slot, hour] = [its, its * SLOT_MS - (localTime(its * SLOT_MS, timeZone).ms % HOUR_MS)];
    return hour;
  };
}

/**
 * Folds one event into the hour it happened in, and into what is carried on to the next. Pure but for its arguments.
 * @param hours that it adds to: whole ones, or what is to be added to those
 * @returns whether it counted, and in which part
 */
export function fold(hours: Hours, carried: Carried, event: CenterEvent, hourOf: (at: number) => number): 'group' | 'direct' | null {
  const { contactId, groupId, agentId, at } = event;
  const open = contactId === null ? undefined : opened(carried, contactId, event);
  const directly = event.type === 'contact.ended' && countDirect(() => hourIn(hours, hourOf(at)).direct, event);
  if (event.type === 'contact.ended' && contactId !== null) close(carried, contactId, at);
  if (groupId === null) return directly ? 'direct' : null;
  const hour = () => groupIn(hourIn(hours, hourOf(at)), groupId);

  switch (event.type) {
    case 'contact.queued':
      if (open !== undefined) open.answeredIn = open.answeredIn.filter((one) => one !== groupId);
      hour().counters.offered += 1;
      break;
    case 'contact.refused':
      hour().counters[event.data.outcome] += 1;
      break;
    case 'contact.answered': {
      const { counters, answeredBy } = hour();
      if (agentId !== null) answeredBy.set(agentId, (answeredBy.get(agentId) ?? 0) + 1);
      if (open?.answeredIn.includes(groupId)) break;
      open?.answeredIn.push(groupId);
      counters.answered += 1;
      if (event.data.inTime) counters.answeredInTime += 1;
      counters.answerDelayMs += event.data.delayMs;
      break;
    }
    case 'contact.abandoned':
      if (!open?.answeredIn.includes(groupId)) hour().counters[event.data.short ? 'shortAbandoned' : 'abandoned'] += 1;
      break;
    case 'contact.offerEnded':
      if (event.data.why === 'rona') hour().counters.rona += 1;
      break;
    case 'contact.transferred': {
      hour().counters.transferredOut += 1;
      if (open !== undefined) open.sentOn = [...open.sentOn.filter(([sender]) => sender !== groupId), [groupId, hourOf(at)]];
      break;
    }
    case 'contact.requeued':
      if (event.data.why === 'unanswered') takeBack(hours, open, groupId);
      break;
    case 'contact.returned':
      takeBack(hours, open, groupId);
      break;
    case 'contact.handled': {
      const { counters } = hour();
      if (isFirst(open ?? (contactId === null ? undefined : carried.ended.get(contactId)), groupId, agentId)) counters.handled += 1;
      counters.talkMs += event.data.contactTalkMs ?? event.data.talkMs;
      counters.holdMs += event.data.contactHoldMs ?? event.data.holdMs;
      counters.afterCallMs += event.data.afterCallMs;
      break;
    }
    default:
      return directly ? 'direct' : null;
  }
  return 'group';
}

/** What is carried of this contact; made when it begins, or when it is first heard of. */
function opened({ open, ended }: Carried, contactId: ContactId, { type, at }: CenterEvent): OpenContact | undefined {
  const known = open.get(contactId);
  if (known !== undefined || (type !== 'contact.started' && type !== 'contact.queued' && type !== 'contact.answered')) return known;
  if (ended.has(contactId)) return undefined;
  forgetBefore(open, ({ since }) => since < at - LONGEST_MS);
  const made: OpenContact = { since: at, answeredIn: [], handledBy: [], sentOn: [] };
  open.set(contactId, made);
  return made;
}

/** Of one that is over only its writing up may come, of those who have had it before and of others. */
function close({ open, ended }: Carried, contactId: ContactId, at: number): void {
  const handledBy = open.get(contactId)?.handledBy ?? [];
  open.delete(contactId);
  forgetBefore(ended, (one) => one.at < at - LONGEST_WRITING_MS);
  if (handledBy.length > 0) ended.set(contactId, { at, handledBy });
}

/** Forgets the oldest, as far as they are too old. */
function forgetBefore<Value>(kept: Map<ContactId, Value>, isOld: (value: Value) => boolean): void {
  for (const [contactId, value] of kept) {
    if (!isOld(value)) break;
    kept.delete(contactId);
  }
}

/** Whether it is the first time that this agent has handled the contact for this group. */
function isFirst(contact: { handledBy: string[] } | undefined, groupId: GroupId, agentId: AgentId | null): boolean {
  const who = `${groupId} ${agentId}`;
  if (contact?.handledBy.includes(who)) return false;
  contact?.handledBy.push(who);
  return true;
}

/** A transfer that nobody took was none: the hour that counted it counts it no more. */
function takeBack(hours: Hours, contact: OpenContact | undefined, groupId: GroupId): void {
  const sent = contact?.sentOn.find(([sender]) => sender === groupId);
  if (contact === undefined || sent === undefined) return;
  contact.sentOn = contact.sentOn.filter((one) => one !== sent);
  groupIn(hourIn(hours, sent[1]), groupId).counters.transferredOut -= 1;
}

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

/** Counts a call that belongs to no group. Answers whether it was one. */
function countDirect(direct: () => DirectCalls, { data }: Extract<CenterEvent, { type: 'contact.ended' }>): boolean {
  const { kind, outcome, talkMs } = data;
  if (kind === 'inbound') return false;
  const counters = direct()[kind];
  counters.attempted += 1;
  // A call that was lost after it was answered was answered.
  counters[talkMs > 0 ? 'answered' : DIRECT[outcome]] += 1;
  counters.talkMs += talkMs;
  return true;
}
