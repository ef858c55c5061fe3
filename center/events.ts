import { z } from 'zod';
import { AgentState } from '../contract/agent-state.ts';
import { ContactKind, ContactOutcome } from '../contract/customer.ts';
import { DialClass } from '../contract/dial-rights.ts';
import { DurationMs } from '../contract/ids.ts';
import { SupervisionMode } from '../contract/supervision.ts';
import { SavedContact } from './calls/saved-contact.ts';
import { DialAccount, DialSubject } from './dialling/rules.ts';
import type { LoggedEvent } from './ports.ts';

const Nothing = z.object({});
/** Of the agent and the contact in the line's own columns; by whom. */
const Supervised = z.object({ by: z.string(), mode: SupervisionMode });

/**
 * Every line of the event log, past tense, with the shape of its `data`. Who and where (contact, agent, group)
 * stand in columns of their own. All statistics are derived from these lines, so a wallboard can be recounted. They are
 * kept for long and never changed: ids, times, durations and codes, and no number, name or memo of anybody.
 */
export const centerEvents = {
  'contact.started': z.object({ kind: ContactKind }),
  'contact.flowChosen': Nothing,
  /** Entered a group's queue: counts as offered. */
  'contact.queued': Nothing,
  /** Turned away at a group's door. */
  'contact.refused': z.object({ outcome: z.enum(['closed', 'noAgents', 'queueFull']) }),
  'contact.offered': z.object({ via: z.enum(['group', 'consult', 'transfer', 'direct']) }),
  'contact.offerEnded': z.object({ why: z.enum(['rona', 'rejected', 'callerGone', 'answeredElsewhere', 'deskLost', 'switchFailed']) }),
  /** Answered by an agent of the group it waited in; `delayMs` is queue and ring together. */
  'contact.answered': z.object({ delayMs: DurationMs, inTime: z.boolean() }),
  /** Gave up waiting; `short`: sooner than the short-abandon threshold. */
  'contact.abandoned': z.object({ waitedMs: DurationMs, short: z.boolean(), ringing: z.boolean() }),
  'contact.transferred': Nothing,
  'contact.returned': Nothing,
  'contact.requeued': z.object({ why: z.enum(['networkLost', 'unanswered']) }),
  /**
   * An agent's part is over, after-call work included. `talkMs` and `holdMs` are their own; `contact…` is what it adds to
   * the contact's, in which each moment counts once however many talk. Absent: as their own.
   */
  'contact.handled': z.object({ talkMs: DurationMs, holdMs: DurationMs, afterCallMs: DurationMs, contactTalkMs: DurationMs.optional(), contactHoldMs: DurationMs.optional() }),
  /** Lines from before `kind` was written down count as inbound. */
  'contact.ended': z.object({ outcome: ContactOutcome, talkMs: DurationMs, kind: ContactKind.default('inbound') }),
  /**
   * The whole of a contact under way, each time that changes: with it a center that starts anew goes on. It takes its
   * turn among the lines and is none of them: the store keeps the last one of each contact beside the log, until the
   * contact is in the history (`Records.liveContacts`).
   */
  'contact.saved': SavedContact,
  /** A call to the outside was made for somebody, or refused; no number stands here. */
  'dialling.started': z.object({ account: DialAccount, dialClass: DialClass }),
  'dialling.refused': z.object({ account: DialAccount, dialClass: DialClass, why: z.string() }),
  'dialling.alarm': z.object({ subject: DialSubject, id: z.string(), why: z.string() }),
  'dialling.emergencies': z.object({ subject: DialSubject, id: z.string() }),
  'dialling.lifted': z.object({ subject: DialSubject, id: z.string(), by: z.string() }),
  /** Calls that were turned away before they became contacts, within a second. */
  'calls.refused': z.object({ why: z.enum(['notOurs', 'loop', 'full', 'lines']), count: z.number().int().positive() }),
  'agent.changed': z.object({ from: AgentState, to: AgentState }),
  'agent.forced': z.object({ by: z.string() }),
  'supervision.started': Supervised,
  'supervision.changed': Supervised,
  'supervision.ended': Supervised,
  'agent.repaired': z.object({ was: z.string() }),
  /** In good order: an operator's restart, and not a crash. */
  'center.stopped': Nothing,
  'group.opened': z.object({ open: z.boolean().nullable(), by: z.string() }),
} as const;

/** The one that the store keeps beside the log. */
export const KEPT_BESIDE: CenterEventType = 'contact.saved';

export type CenterEventType = keyof typeof centerEvents;
export type CenterEventData<Type extends CenterEventType> = z.infer<(typeof centerEvents)[Type]>;

export type CenterEvent = { [Type in CenterEventType]: Omit<LoggedEvent, 'type' | 'data'> & { type: Type; data: CenterEventData<Type> } }[CenterEventType];

const isCenterEventType = (type: string): type is CenterEventType => Object.hasOwn(centerEvents, type);

/** A line of the log as what it says it is; null where it is of another program's version. */
export function parseCenterEvent(event: LoggedEvent): CenterEvent | null {
  if (!isCenterEventType(event.type)) return null;
  const data = centerEvents[event.type].safeParse(event.data);
  return data.success ? ({ ...event, data: data.data } as CenterEvent) : null;
}
