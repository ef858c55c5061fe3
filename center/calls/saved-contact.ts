import { z } from 'zod';
import { LegParty } from '../../contract/contact.ts';
import { ContactKind, ContactPart } from '../../contract/customer.ts';
import { AgentId, CustomerId, DispositionId, GroupId, LegId } from '../../contract/ids.ts';
import { ParticipantState } from '../../contract/participant-state.ts';
import { DialAccount } from '../dialling/rules.ts';
import { upLegs, type Contact, type Leg } from './contact.ts';

const Target = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), agentId: AgentId }),
  z.object({ kind: z.literal('phone'), user: z.string(), number: z.string(), name: z.string() }),
  z.object({ kind: z.literal('outside'), number: z.string() }),
]);

const SavedLeg = z.object({
  legId: LegId,
  channelId: z.string(),
  party: LegParty,
  role: z.enum(['caller', 'groupOffer', 'direct', 'consult', 'transfer', 'conference']),
  target: Target,
  name: z.string(),
  number: z.string(),
  dialogKey: z.string(),
  held: z.boolean(),
  parked: z.boolean().default(false),
  aside: z.boolean().default(false),
  muted: z.boolean().default(false),
  place: z.enum(['main', 'side', 'music', 'ringback', 'busy', 'congestion', 'flow', 'silence']),
  dialledBy: DialAccount.nullable().default(null),
  agent: z.object({ agentId: AgentId, state: ParticipantState, answeredAt: z.number().nullable(), spoke: z.boolean(), secondary: z.boolean() }).nullable(),
});

/** What the event log keeps of a contact whose legs are up, so that a center that starts anew can go on with it. */
export const SavedContact = z.object({
  kind: ContactKind,
  startedAt: z.number(),
  dialled: z.string(),
  number: z.string(),
  groupId: GroupId.nullable(),
  customerId: CustomerId.nullable(),
  customerName: z.string(),
  callerName: z.string().default(''),
  flowPath: z.array(z.string()),
  queuedAt: z.number().nullable(),
  waitedMs: z.number().nullable(),
  waitingAt: z.number().nullable().default(null),
  dispositionId: DispositionId.nullable(),
  memo: z.string(),
  answered: z.boolean(),
  handledBy: AgentId.nullable(),
  parts: z.array(ContactPart).default([]),
  legs: z.array(SavedLeg),
  consultation: z.object({ by: LegId, target: LegId, state: z.enum(['private', 'swapped']) }).nullable(),
});
export type SavedContact = z.infer<typeof SavedContact>;
export type SavedLeg = z.infer<typeof SavedLeg>;

/** A contact as it is kept: only legs that are up, for a ringing one does not outlive the center. */
export function savedContact(contact: Contact): SavedContact {
  const { kind, startedAt, dialled, number, groupId, customerId, customerName, callerName, flowPath, queuedAt, waitedMs, waiting, dispositionId, memo, answered, handledBy, parts, consultation } = contact;
  const isTalk = consultation !== null && consultation.state !== 'dialling';
  return {
    kind, startedAt, dialled, number, groupId, customerId, customerName, callerName, flowPath: [...flowPath], queuedAt, waitedMs, waitingAt: waiting?.at ?? null, dispositionId, memo, answered, handledBy, parts: [...parts],
    legs: upLegs(contact).map(savedLeg),
    consultation: isTalk ? { by: consultation.by.legId, target: consultation.target.legId, state: consultation.state === 'swapped' ? 'swapped' : 'private' } : null,
  };
}

function savedLeg({ legId, channelId, party, role, target, name, number, dialogKey, held, parked, aside, muted, place, participant, dialledBy }: Leg): SavedLeg {
  const agent = participant === null ? null : { agentId: participant.agentId, state: participant.state, answeredAt: participant.answeredAt, spoke: participant.spoke, secondary: participant.secondary };
  return { legId, channelId, party, role, target, name, number, dialogKey, held, parked, aside, muted, place, dialledBy, agent };
}
