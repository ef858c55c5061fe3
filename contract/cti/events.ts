import { z } from 'zod';
import { AgentCard, Disposition, GroupCard, Me } from '../directory.ts';
import { ContactView } from '../contact.ts';
import { DialRights } from '../dial-rights.ts';
import { AgentId, ContactId, CustomerId, EpochMs, GroupId } from '../ids.ts';
import { DirectCalls, GroupStatistics } from '../statistics.ts';
import { StoreHealth } from '../store-health.ts';
import { SupervisionView } from '../supervision.ts';

/** The whole truth for one desk. `seq` is the number of the last event it already contains. */
export const CtiSnapshot = z.object({
  seq: z.number().int().nonnegative(),
  /** The center's clock now, so that timers on the desk need not trust its own. */
  serverNow: EpochMs,
  /** The center's zone, an IANA name: days and hours of day are its. */
  timeZone: z.string(),
  me: Me,
  /** True while the telephone switch works. */
  switchAvailable: z.boolean(),
  contacts: z.array(ContactView),
  agents: z.array(AgentCard),
  groups: z.array(GroupCard),
  dispositions: z.array(Disposition),
  dialling: DialRights,
  statistics: z.array(GroupStatistics),
  /** For who is in charge; null for agents. */
  directCalls: DirectCalls.nullable(),
  /** For who is in charge; null for agents, who are told when something of theirs is not kept. */
  store: StoreHealth.nullable(),
  /** The call this person supervises; null for none. */
  supervision: SupervisionView.nullable(),
  customersCursor: z.number().int().nonnegative(),
});
export type CtiSnapshot = z.infer<typeof CtiSnapshot>;

/** Things a person should be told once. The text is chosen from the code. */
export const NoticeCode = z.enum([
  'rona',
  'callerGone',
  /** The time for after-call work ran out; what was typed is kept. */
  'wrapUpOver',
  'customerLeftConsultation',
  'consultFailed',
  'transferFailed',
  'transferCompleted',
  'callReturned',
  'dialFailed',
  'networkLost',
  /** A call is up and nothing is heard in it; it is being mended. */
  'noAudio',
  /** A call to the outside is about to be ended: the longest there may be. */
  'callEndsSoon',
  /** To those in charge: somebody's outside calls look like fraud, and the costly ones are blocked. */
  'dialAlarm',
  'dialAlarmOfAll',
  /** To those in charge: emergency numbers are called again and again. Nothing is blocked. */
  'emergencyAlarm',
  'emergencyAlarmOfAll',
  'forced',
  'stateRepaired',
  'supervisionEnded',
  'supervisionFailed',
  /** Calls end with the center; `detail` is in how many minutes. */
  'centerStopping',
]);
export type NoticeCode = z.infer<typeof NoticeCode>;

export const Notice = z.object({
  code: NoticeCode,
  contactId: ContactId.nullable(),
  /** A name, number or outcome that the text mentions; may be empty. */
  detail: z.string(),
  /** Whom an alarm is about, where that is an agent: what was blocked can be lifted at once. */
  agentId: AgentId.optional(),
});
export type Notice = z.infer<typeof Notice>;

/** Every event the center sends, past tense, with its payload's schema. */
export const ctiEvents = {
  'contact.changed': ContactView,
  /** The contact is no longer this agent's; `null`-free: the desk drops it. */
  'contact.removed': z.object({ contactId: ContactId }),
  /** Those agents whose card changed, the agent's own among them. */
  'directory.changed': z.object({ agents: z.array(AgentCard), groups: z.array(GroupCard) }),
  /** They are no more. */
  'directory.removed': z.object({ agentIds: z.array(AgentId), groupIds: z.array(GroupId) }),
  /** What of the center's set-up a desk goes by, and who its own person is now. */
  'office.changed': z.object({ me: Me, timeZone: z.string(), dispositions: z.array(Disposition) }),
  'statistics.changed': z.object({ groups: z.array(GroupStatistics) }),
  /** A call that belongs to no group is over. Told to who is in charge. */
  'directCalls.counted': DirectCalls,
  /** Customers or their histories changed up to `cursor`: fetch the changes. */
  'customers.changed': z.object({ cursor: z.number().int().nonnegative(), customerIds: z.array(CustomerId) }),
  /** What this desk's own person supervises. */
  'supervision.changed': z.object({ supervision: SupervisionView.nullable() }),
  /** What this desk's person may dial is another now. */
  'dialling.changed': DialRights,
  'switch.changed': z.object({ available: z.boolean() }),
  /** Whether what people do is being kept. Told to who is in charge. */
  'store.changed': StoreHealth,
  'notice.raised': Notice,
  /** This sign-in is over but for the call at hand: what that takes is served, and nothing else. */
  'session.ending': z.object({}),
  /** This account signed in elsewhere; this desk is done. */
  'session.replaced': z.object({ by: z.enum(['desktop', 'web']) }),
} as const;

export type CtiEvents = typeof ctiEvents;
export type CtiEventName = keyof CtiEvents;
export type CtiPayload<Name extends CtiEventName> = z.infer<CtiEvents[Name]>;

/** An event as it leaves the core, before the gateway numbers it. */
export type CtiEvent = { [Name in CtiEventName]: { type: Name; payload: CtiPayload<Name> } }[CtiEventName];

/** What travels: Socket.IO event `event`. `seq` grows by one per desk; a gap asks for a snapshot. */
export const EventEnvelope = z.object({
  seq: z.number().int().positive(),
  type: z.enum(Object.keys(ctiEvents) as [CtiEventName, ...CtiEventName[]]),
  payload: z.unknown(),
});
export type EventEnvelope = z.infer<typeof EventEnvelope>;

/** Parses an envelope's payload by its type; null when it is not what it says. */
export function parseCtiEvent(envelope: EventEnvelope): CtiEvent | null {
  const parsed = ctiEvents[envelope.type].safeParse(envelope.payload);
  return parsed.success ? ({ type: envelope.type, payload: parsed.data } as CtiEvent) : null;
}
