import type { ContactView, LegView } from '../../contract/contact.ts';
import { allowedActions, type Action } from '../../contract/participant-state.ts';
import type { SupervisorPresence } from '../../contract/supervision.ts';
import type { Contact, Leg, Participant } from './contact.ts';
import { waitedBefore } from './parts.ts';

export const isOnHold = ({ state, held, parked, aside, place }: Leg): boolean => state === 'up' && (held || parked || aside || place === 'music');

const legView = (leg: Leg): LegView => ({
  legId: leg.legId,
  party: leg.party,
  name: leg.name,
  number: leg.number,
  agentId: leg.participant?.agentId ?? null,
  state: isOnHold(leg) ? 'held' : leg.state,
  since: leg.heldSince ?? leg.since,
  muted: leg.muted,
  aside: leg.aside,
});

/** What is left to a colleague who is only being consulted: the customer is not theirs to hand on. */
const CONSULTED: ReadonlySet<Action> = new Set<Action>(['answer', 'reject', 'mute', 'keypad', 'hold', 'resume', 'hangUp', 'updateData']);

const WAITING: ReadonlySet<Action> = new Set<Action>(['mute', 'keypad', 'hangUp', 'updateData']);

/** A phone that holds in a state that knows no hold of its own, as a conference or a consultation begun on hold, can always be taken off it. */
const offHold = ({ state, held, parked }: Leg, actions: readonly Action[]): readonly Action[] =>
  state === 'up' && (held || parked) && !actions.includes('resume') ? [...actions.filter((action) => action !== 'hold'), 'resume'] : actions;

/** What an agent may do now. Desks' buttons follow it, and commands are checked against it. */
export function actionsOf(contact: Contact, leg: Leg, participant: Participant): Action[] {
  const actions = offHold(leg, allowedActions(participant.state));
  // Once a contact, and of time that has an end.
  if (participant.state === 'afterCall') return actions.filter((action) => action !== 'extend' || (participant.wrapUpDeadline !== null && !contact.extended.has(participant.agentId)));
  // In a flow or a queue of our own there is nobody to hold or to hand on.
  if (participant.state === 'talking' && (leg.place === 'flow' || leg.place === 'music')) return actions.filter((action) => WAITING.has(action));
  if (contact.consultation?.target === leg) return actions.filter((action) => CONSULTED.has(action));
  // While a third party is being called in, nobody else can be.
  const inviting = contact.legs.some(({ role, state }) => role === 'conference' && state === 'ringing');
  return inviting ? actions.filter((action) => action !== 'consult' && action !== 'transfer' && action !== 'conference') : [...actions];
}

/** The other party as this leg's desk names it: the customer, else whoever else is in an internal call. */
function otherNumber(contact: Contact, leg: Leg): string {
  if (contact.kind !== 'internal') return contact.number;
  const other = contact.legs.find((one) => one !== leg && one.state !== 'ended') ?? contact.legs.find((one) => one !== leg);
  return other?.number ?? contact.number;
}

function otherName(contact: Contact, leg: Leg): string {
  if (contact.customerName !== '' || contact.kind !== 'internal') return contact.customerName === '' ? contact.callerName : contact.customerName;
  return (contact.legs.find((one) => one !== leg && one.state !== 'ended') ?? contact.legs.find((one) => one !== leg))?.name ?? '';
}

/** What a view says that does not stand in the contact itself. */
export interface Surroundings {
  /** Who listens. */
  supervisors: SupervisorPresence[];
  dispositionRequired: boolean;
}

/** A contact as the desk of this leg's agent sees it. */
export function contactView(contact: Contact, leg: Leg, participant: Participant, { supervisors, dispositionRequired }: Surroundings): ContactView {
  const { consultation, waiting } = contact;
  return {
    contactId: contact.contactId,
    kind: contact.kind,
    startedAt: contact.startedAt,
    groupId: contact.groupId,
    dialled: contact.dialled,
    number: otherNumber(contact, leg),
    customerId: contact.customerId,
    customerName: otherName(contact, leg),
    flowPath: contact.flowPath,
    queuedAt: waiting?.at ?? null,
    waitedMs: waitedBefore(contact),
    consultation: consultation === null ? null : { by: consultation.by.legId, target: consultation.target.legId, state: consultation.state },
    legs: contact.legs.filter(({ state }) => state !== 'ended').map(legView),
    supervisors,
    me: {
      legId: leg.legId,
      dialogKey: leg.dialogKey,
      state: participant.state,
      since: participant.since,
      allowed: actionsOf(contact, leg, participant),
      offer: participant.state === 'ringing' ? participant.offer : null,
      answeredAt: participant.answeredAt,
      wrapUpDeadline: participant.wrapUpDeadline,
      dispositionRequired,
    },
    dispositionId: contact.dispositionId,
    memo: contact.memo,
    outcome: contact.outcome,
  };
}
