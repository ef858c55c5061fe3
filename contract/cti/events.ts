import { z } from 'zod';
import { AgentCard, Disposition, GroupCard, Me } from '../directory.ts';
import { ContactView } from '../contact.ts';
import { DeskSetUp } from '../desk-set-up.ts';
import { DialRights } from '../dial-rights.ts';
import { ContactId, CustomerId, GroupId } from '../ids.ts';
import { StoreHealth } from '../store-health.ts';
import { SupervisionView } from '../supervision.ts';
import { Notice } from './notice.ts';

/** Every event the center sends, past tense, with its payload's schema. */
export const ctiEvents = {
  'contact.changed': ContactView,
  /** The contact is no longer this agent's; `null`-free: the desk drops it. */
  'contact.removed': z.object({ contactId: ContactId }),
  /** The desk's own agent, at once, and groups. Whoever looks at the others has them by topic. */
  'directory.changed': z.object({ agents: z.array(AgentCard), groups: z.array(GroupCard) }),
  /** They are no more. */
  'directory.removed': z.object({ groupIds: z.array(GroupId) }),
  /** What of the center's set-up a desk goes by, and who its own person is now. */
  'office.changed': z.object({ me: Me, timeZone: z.string(), dispositions: z.array(Disposition), setUp: DeskSetUp.optional() }),
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
