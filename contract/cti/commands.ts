import { z } from 'zod';
import { Choice } from '../agent-state.ts';
import { ContactView, PartyChange, Target } from '../contact.ts';
import { MemoText } from '../customer.ts';
import { AgentId, ContactId, CustomerId, DispositionId, GroupId, LegId } from '../ids.ts';
import { SupervisionMode } from '../supervision.ts';
import type { CtiCommand } from './command.ts';
import { MicrophoneState } from './microphone.ts';
import { CtiSnapshot } from './snapshot.ts';
import { TopicAsk } from './topic-names.ts';

const OnContact = z.strictObject({ contactId: ContactId });
const Nothing = z.null();

/**
 * Every command a desk may send, with the schema of its payload and of its answer.
 * A command is an intent: the center decides, answers `Result`, and tells the outcome by events.
 */
export const ctiCommands = {
  /** The whole present truth; asked for after a gap in `seq` or a reconnect. */
  'sync.snapshot': { scope: 'account.own', forTheCall: true, request: z.strictObject({}), response: CtiSnapshot },
  /**
   * From now on what changes in a topic is told, after the whole of it; asked again, the whole is told anew. `not-found` for
   * a topic or a group that there is not, `forbidden`, `rate-limited` beyond the most at once.
   */
  'topic.subscribe': { scope: 'account.own', request: TopicAsk, response: Nothing },
  /** No longer; twice is once. */
  'topic.unsubscribe': { scope: 'account.own', request: TopicAsk, response: Nothing },
  'agent.setState': { scope: 'calls.handle', request: z.strictObject({ choice: Choice }), response: Nothing },
  /** What READY depends on at the desk's end. */
  'agent.reportDevice': { scope: 'calls.handle', forTheCall: true, request: z.strictObject({ microphone: MicrophoneState }), response: Nothing },
  /**
   * Whether anybody could see and answer a call at this desk: its last window has closed, or one is open again. A desk
   * that connects has one. Without a window it is treated as a desk that is gone, though its phone is registered yet.
   */
  'agent.reportWindow': { scope: 'calls.handle', forTheCall: true, request: z.strictObject({ open: z.boolean() }), response: Nothing },
  /** A supervisor sets another agent's state; deferred while that agent is on a call, and audited. */
  'agent.force': { scope: 'agents.lead', audited: ['agentId'], request: z.strictObject({ agentId: AgentId, choice: Choice }), response: Nothing },
  /** A supervisor's phone is called and answers by itself; on the agent they supervise already it is a change of mode. */
  'supervision.start': { scope: 'calls.supervise', audited: ['agentId'], request: z.strictObject({ agentId: AgentId, mode: SupervisionMode }), response: Nothing },
  'supervision.setMode': { scope: 'calls.supervise', audited: [], request: z.strictObject({ mode: SupervisionMode }), response: Nothing },
  'supervision.stop': { scope: 'calls.supervise', audited: [], request: z.strictObject({}), response: Nothing },
  'contact.reject': { scope: 'calls.handle', forTheCall: true, request: OnContact, response: Nothing },
  'contact.hangUp': { scope: 'calls.handle', forTheCall: true, request: OnContact, response: Nothing },
  /** For an agent at a phone of its own, which nobody but the person can put on hold: the center takes the others out. */
  'contact.hold': { scope: 'calls.handle', forTheCall: true, request: OnContact, response: Nothing },
  /** Takes back what `contact.hold` did; `contact.held-at-phone` where the phone itself holds. */
  'contact.resume': { scope: 'calls.handle', forTheCall: true, request: OnContact, response: Nothing },
  'contact.consult': { scope: 'calls.handle', dials: true, request: z.strictObject({ contactId: ContactId, target: Target }), response: Nothing },
  'contact.cancelConsult': { scope: 'calls.handle', forTheCall: true, request: OnContact, response: Nothing },
  'contact.swap': { scope: 'calls.handle', forTheCall: true, request: OnContact, response: Nothing },
  /** During a consultation: everyone together. Otherwise `target` is called straight into the call. */
  'contact.conference': { scope: 'calls.handle', dials: true, request: z.strictObject({ contactId: ContactId, target: Target.nullable() }), response: Nothing },
  /** In a conference: holds, mutes or removes one of the others. */
  'contact.changeParty': { scope: 'calls.handle', forTheCall: true, request: z.strictObject({ contactId: ContactId, legId: LegId, change: PartyChange }), response: Nothing },
  'contact.completeTransfer': { scope: 'calls.handle', forTheCall: true, request: OnContact, response: Nothing },
  /** Blind transfer. */
  'contact.transfer': { scope: 'calls.handle', dials: true, request: z.strictObject({ contactId: ContactId, target: Target }), response: Nothing },
  /**
   * Saves what the agent records, during the call, after it, and when it is over for them: nothing typed comes too late.
   * `base`: the memo as this desk last knew it; what others wrote meanwhile stays beside. Null: it is in the history alone.
   */
  'contact.update': {
    scope: 'calls.handle', forTheCall: true,
    request: z.strictObject({
      contactId: ContactId,
      dispositionId: DispositionId.nullable().optional(),
      memo: MemoText.optional(),
      base: MemoText.optional(),
      customerId: CustomerId.nullable().optional(),
    }),
    response: ContactView.nullable(),
  },
  /**
   * This desk's phone has lost the audio of a call that lives, and its switch takes none anew: the phone is dialled
   * again and takes its former place. The call bears `ticket`, a secret of the phone's, by which it knows that this is
   * what it asked for and answers by itself. `held`: the phone puts the new call on hold, as the former was.
   */
  'contact.rejoin': { scope: 'calls.handle', forTheCall: true, request: z.strictObject({ contactId: ContactId, ticket: z.uuid(), held: z.boolean() }), response: Nothing },
  /** Ends after-call work. `next` null: the pending choice, else Ready, or as before a call of one's own. `contact.disposition-required` where the group asks for one. */
  'contact.complete': { scope: 'calls.handle', forTheCall: true, request: z.strictObject({ contactId: ContactId, next: Choice.nullable() }), response: Nothing },
  /** One minute more of after-call work; once a contact. */
  'contact.extend': { scope: 'calls.handle', forTheCall: true, request: OnContact, response: Nothing },
  /** Calls of this agent, of this phone, or (both null) of the whole center looked like fraud, and somebody has looked into it. */
  'dialling.lift': { scope: 'dialling.lift', audited: ['agentId', 'phone'], request: z.strictObject({ agentId: AgentId.nullable(), phone: z.string().min(1).max(64).nullable() }), response: Nothing },
  /** A supervisor opens or closes a group by hand; null returns it to its hours. */
  'group.setOpen': { scope: 'groups.set', audited: ['groupId'], request: z.strictObject({ groupId: GroupId, open: z.boolean().nullable() }), response: Nothing },
  /** Whether after-call work of a group asks for a disposition; whoever is in one is asked from now on. Kept. */
  'group.setDispositionRequired': { scope: 'groups.set', audited: ['groupId'], request: z.strictObject({ groupId: GroupId, required: z.boolean() }), response: Nothing },
} as const satisfies Record<string, CtiCommand>;

export type CtiCommands = typeof ctiCommands;
export type CtiCommandName = keyof CtiCommands;
export type CtiRequest<Name extends CtiCommandName> = z.infer<CtiCommands[Name]['request']>;
export type CtiResponse<Name extends CtiCommandName> = z.infer<CtiCommands[Name]['response']>;

/** What travels: Socket.IO event `command`, answered by its acknowledgement with a `Result`. */
export const CommandEnvelope = z.strictObject({
  type: z.string().max(64),
  /** Idempotency key: the same key answers the first answer and acts once. */
  key: z.string().min(8).max(64),
  payload: z.unknown(),
});
export type CommandEnvelope = z.infer<typeof CommandEnvelope>;
