import type { CtiCommandName, CtiRequest, CtiResponse } from '../contract/cti/index.ts';
import type { ContactView } from '../contract/contact.ts';
import { done, fail, ok, type Result } from '../contract/errors.ts';
import type { ContactId } from '../contract/ids.ts';
import type { Action } from '../contract/participant-state.ts';
import type { Afterwards } from './afterwards.ts';
import type { Agent } from './agents/agent.ts';
import { unknownReason } from './agents/choices.ts';
import type { Calls } from './calls/calls.ts';
import { cancelConsult, completeTransfer, conference, consult, hangUpInConsultation, swap } from './calls/consultation.ts';
import { legOfAgent, nameCustomer, namelessAgain, type Contact, type Leg, type Participant } from './calls/contact.ts';
import { channelEnded } from './calls/departures.ts';
import { hold, resume } from './calls/holding.ts';
import { changeParty } from './calls/parties.ts';
import { rejoin } from './calls/rejoining.ts';
import { transfer } from './calls/transfers.ts';
import { actionsOf } from './calls/views.ts';
import { extendWrapUp, whyNotDone } from './calls/wrap-up.ts';
import type { Durability } from './durability.ts';
import type { Leading } from './leading.ts';
import { memoWith } from './memo.ts';
import type { Records } from './ports.ts';

/** What the commands work on beside the calls. */
export interface CommandParts {
  calls: Calls;
  records: Records;
  durability: Durability;
  afterwards: Afterwards;
  /** The agent's desk has a window again, or none. */
  attended: (agent: Agent, isAttended: boolean) => void;
  leading: Leading;
}

type Command<Name extends CtiCommandName> = (agent: Agent, request: CtiRequest<Name>) => Promise<Result<CtiResponse<Name>>> | Result<CtiResponse<Name>>;
/** What takes a desk. The snapshot and topics are the gateway's questions, not commands to act on. */
type DeskCommands = { readonly [Name in Exclude<CtiCommandName, 'sync.snapshot' | 'topic.subscribe' | 'topic.unsubscribe' | keyof Leading>]: Command<Name> };
export type Commands = DeskCommands & Leading;

interface Part {
  contact: Contact;
  leg: Leg;
  participant: Participant;
}

/** Every command of a desk, by name. The gateway has parsed it and checked the sender's role. */
export function createCommands({ calls, records, durability, afterwards, attended, leading }: CommandParts): Commands {
  const { roster, office, history, switchPort } = calls.parts;

  /** The agent's part in a contact, if it allows this now. */
  function part(agent: Agent, contactId: ContactId, action: Action): Result<Part> {
    const contact = calls.contact(contactId);
    const leg = contact === undefined ? undefined : legOfAgent(contact, agent.agentId);
    if (contact === undefined || !leg?.participant) return fail('contact.not-found', 'no such contact at this desk');
    const { participant } = leg;
    if (!actionsOf(contact, leg, participant).includes(action)) return fail('contact.action-not-allowed', `${action} in ${participant.state}`);
    return ok({ contact, leg, participant });
  }

  const onPart = <Request extends { contactId: ContactId }>(action: Action, act: (part: Part, request: Request) => Result<null>) =>
    (agent: Agent, request: Request): Result<null> => {
      const found = part(agent, request.contactId, action);
      return found.ok ? act(found.value, request) : found;
    };

  /** The contact, if others are still at it and this agent was. */
  function formerly(agent: Agent, contactId: ContactId): Contact | undefined {
    const contact = calls.contact(contactId);
    return contact?.legs.some(({ role, participant }) => participant?.agentId === agent.agentId && (participant.answeredAt !== null || role === 'caller')) === true ? contact : undefined;
  }

  /** Ends the agent's own channel, as if their phone had done so. */
  function end({ contact, leg }: Part, cause: 'rejected' | 'normal'): Result<null> {
    channelEnded(calls, contact, leg, cause);
    void switchPort.hangUp(leg.channelId, cause);
    return done();
  }

  return {
    ...leading,
    'agent.setState': (agent, { choice }) => {
      const refused = unknownReason(office, choice) ?? (choice.kind === 'signOut' ? null : whyNotDone(calls, agent)) ?? (choice.kind === 'ready' ? agent.whyNotReady() : null);
      return refused ?? agent.apply({ type: 'chosen', choice });
    },
    'agent.reportDevice': (agent, { microphone }) => {
      agent.microphone = microphone;
      return done();
    },
    'agent.reportWindow': (agent, { open }) => {
      if (open !== agent.hasWindow) attended(agent, open);
      return done();
    },
    'supervision.start': (supervisor, { agentId, mode }) => {
      const agent = roster.agent(agentId);
      return agent === undefined ? fail('not-found', 'no such agent') : calls.supervisions.start(supervisor, agent, mode);
    },
    'supervision.setMode': (supervisor, { mode }) => calls.supervisions.setMode(supervisor, mode),
    'supervision.stop': (supervisor) => calls.supervisions.stop(supervisor),

    'contact.reject': onPart('reject', (found) => end(found, 'rejected')),
    'contact.hangUp': onPart('hangUp', (found) => (found.contact.consultation?.by === found.leg ? hangUpInConsultation(calls, found.contact) : end(found, 'normal'))),
    'contact.hold': onPart('hold', ({ contact, leg }) => hold(calls, contact, leg)),
    'contact.resume': onPart('resume', ({ contact, leg }) => resume(calls, contact, leg)),
    'contact.consult': onPart<CtiRequest<'contact.consult'>>('consult', ({ contact, leg }, { target }) => consult(calls, contact, leg, target)),
    'contact.cancelConsult': onPart('cancelConsult', ({ contact }) => cancelConsult(calls, contact)),
    'contact.swap': onPart('swap', ({ contact }) => swap(calls, contact)),
    'contact.conference': onPart<CtiRequest<'contact.conference'>>('conference', ({ contact, leg }, { target }) => conference(calls, contact, leg, target)),
    'contact.changeParty': onPart<CtiRequest<'contact.changeParty'>>('changeParty', ({ contact, leg }, { legId, change }) => changeParty(calls, contact, leg, legId, change)),
    'contact.completeTransfer': onPart('completeTransfer', ({ contact }) => completeTransfer(calls, contact)),
    'contact.transfer': onPart<CtiRequest<'contact.transfer'>>('transfer', ({ contact, leg }, { target }) => transfer(calls, contact, leg, target)),

    'contact.update': async (agent, request): Promise<Result<ContactView | null>> => {
      const { contactId, dispositionId, memo, base, customerId } = request;
      const found = part(agent, contactId, 'updateData');
      const contact = found.ok ? found.value.contact : formerly(agent, contactId);
      // What was typed in time is kept whenever it comes.
      if (contact === undefined) return afterwards.late(agent, request);
      if (typeof dispositionId === 'string' && !office.dispositions.some((one) => one.dispositionId === dispositionId)) return fail('input.invalid', 'no such disposition');
      const customer = typeof customerId === 'string' ? await records.customer(customerId) : null;
      if (typeof customerId === 'string' && customer === null) return fail('customer.not-found', 'no such customer');
      if (customer !== null) nameCustomer(contact, customer);
      if (customerId === null) namelessAgain(contact);
      if (dispositionId !== undefined) contact.dispositionId = dispositionId;
      if (memo !== undefined) contact.memo = memoWith(contact.memo, base, memo);
      calls.publish(contact);
      // In the log while the contact goes on, in the history once it is over: a saved memo outlives the center.
      calls.save(contact);
      history.keep(contact);
      const durable = await durability.kept();
      if (!durable.ok) return durable;
      return ok(found.ok ? calls.viewOf(contact, found.value.leg, found.value.participant) : null);
    },
    'contact.rejoin': (agent, request) => {
      const contact = calls.contact(request.contactId);
      const leg = contact === undefined ? undefined : legOfAgent(contact, agent.agentId);
      return contact === undefined || leg === undefined ? fail('contact.not-found', 'no such contact at this desk') : rejoin(calls, contact, leg, request);
    },
    'contact.complete': async (agent, { contactId, next }) => {
      const found = part(agent, contactId, 'complete');
      if (!found.ok) return found;
      const unknown = unknownReason(office, next);
      if (unknown !== null) return unknown;
      // Before the desk lets go of what was typed: while it cannot be kept, the agent is ready by choosing so.
      const durable = await durability.kept();
      if (!durable.ok) return durable;
      const still = part(agent, contactId, 'complete');
      if (!still.ok) return still;
      const refused = whyNotDone(calls, agent);
      if (refused !== null) return refused;
      const applied = agent.apply({ type: 'wrapUpCompleted', next });
      return applied.ok ? durability.kept() : applied;
    },

    'contact.extend': (agent, { contactId }) => {
      const found = part(agent, contactId, 'extend');
      return found.ok ? extendWrapUp(calls, found.value.contact, agent) : found;
    },
  };
}
