import { z } from 'zod';
import { ContactId, EpochMs } from './ids.ts';
import { fail, ok, unreachable, type Result } from './errors.ts';

/*
 * Agent state. What an agent wants (a Choice) and what they are doing (an AgentState) are kept apart;
 * the center owns both. Hold, consultation and mute belong to the call, not to the agent.
 *
 *                     signedIn, or resumed: to any state of rest
 *   LOGGED_OUT ───────────────────▶ NOT_READY(login)
 *        ▲ signedOut (idle only)      │  ▲  chosen(away)
 *        │                            ▼  │
 *        └──────────── READY ◀── chosen(ready)
 *                        │ offered          callerGone / deskLost: back to `resume`
 *                        ▼                  offerTimedOut / rejected: NOT_READY(rona / rejected)
 *                     RESERVED ──────────▶ …
 *                        │ answered
 *      dialled           ▼          callEnded(no wrap-up): pending choice, else `resume`
 *   READY/NOT_READY ─▶ TALKING ──────────▶ …
 *                        │ callEnded(wrap-up)
 *                        ▼          wrapUpCompleted / wrapUpExpired: choice, else pending, else READY,
 *                        │          or as before where the agent had dialled
 *                    AFTER_CALL ─────────▶ …
 *                        │ offered (its own contact came back): RESERVED
 */

/** The reasons that every desk knows by name. One that is not among them travels as `other`, with its id beside it in `own`. */
export const AwayReason = z.enum(['break', 'meal', 'meeting', 'training', 'other']);
export type AwayReason = z.infer<typeof AwayReason>;

/** Why the center took an agent out. */
export const CenterReason = z.enum(['login', 'rona', 'rejected', 'disconnected', 'forced']);
export type CenterReason = z.infer<typeof CenterReason>;

/** Why an agent is not ready: chosen by a person, or set by the center. */
export const NotReadyReason = z.enum([...AwayReason.options, ...CenterReason.options]);
export type NotReadyReason = z.infer<typeof NotReadyReason>;

/** Of a reason that only its center knows; whoever has never heard of such a thing reads `other`. */
const own = z.string().regex(/^[\w-]{1,64}$/).optional();

/** What an agent asks for. During a call or an offer it is kept as pending and taken afterwards. */
export const Choice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('away'), reason: AwayReason, own }),
  z.object({ kind: z.literal('signOut') }),
]);
export type Choice = z.infer<typeof Choice>;

const RestState = z.discriminatedUnion('name', [
  z.object({ name: z.literal('READY') }),
  z.object({ name: z.literal('NOT_READY'), reason: NotReadyReason, own }),
]);
/** A state an agent can rest in between calls. */
export type RestState = z.infer<typeof RestState>;

export const AgentState = z.discriminatedUnion('name', [
  z.object({ name: z.literal('LOGGED_OUT') }),
  ...RestState.options,
  z.object({ name: z.literal('RESERVED'), contactId: ContactId, resume: RestState, pending: Choice.nullable() }),
  z.object({ name: z.literal('TALKING'), contactId: ContactId, resume: RestState, pending: Choice.nullable() }),
  z.object({ name: z.literal('AFTER_CALL'), contactId: ContactId, deadline: EpochMs.nullable(), pending: Choice.nullable(),
    /** Where a call that the agent made leads back to; absent: to Ready. */
    resume: RestState.optional() }),
]);
export type AgentState = z.infer<typeof AgentState>;
export type AgentStateName = AgentState['name'];

export type AgentEvent =
  | { type: 'signedIn' }
  /** The center was restarted, and the agent's desk came back: `as` is how the run before left them. */
  | { type: 'resumed'; as: RestState }
  | { type: 'chosen'; choice: Choice }
  /** A call is presented. `direct`: to this agent by extension, consultation or transfer, not by a group. */
  | { type: 'offered'; contactId: ContactId; direct: boolean }
  | { type: 'answered' }
  | { type: 'callerGone' }
  /** Phone or desk were cut off while it rang: whoever could not answer has missed nothing. */
  | { type: 'deskLost' }
  | { type: 'offerTimedOut'; direct: boolean }
  | { type: 'rejected'; direct: boolean }
  | { type: 'dialled'; contactId: ContactId }
  /** `wrapUp`: the group's after-call time applies, until `deadline` (null: no limit). `restore`: the agent made this call, and is afterwards as before. */
  | { type: 'callEnded'; wrapUp: { deadline: number | null; restore?: boolean } | null }
  /** A transfer by the agent's own phone carried their call over into another contact. */
  | { type: 'moved'; contactId: ContactId }
  /** The agent saved; `next` is their explicit choice and beats a pending one. */
  | { type: 'wrapUpCompleted'; next: Choice | null }
  | { type: 'wrapUpExpired' }
  | { type: 'wrapUpExtended'; deadline: number }
  /** The desktop has been gone longer than the grace time. */
  | { type: 'graceExpired' }
  /** The watchdog found no live channel behind RESERVED or TALKING. */
  | { type: 'repaired' };

const READY: AgentState = { name: 'READY' };

function rest(choice: Choice): AgentState {
  switch (choice.kind) {
    case 'ready':
      return READY;
    case 'away':
      return awayAs(choice);
    case 'signOut':
      return { name: 'LOGGED_OUT' };
    default:
      return unreachable(choice);
  }
}

/** The state that a choice to be away leads to. */
export const awayAs = ({ reason, own: id }: Extract<Choice, { kind: 'away' }>): Extract<RestState, { name: 'NOT_READY' }> => ({ name: 'NOT_READY', reason, ...(id !== undefined && { own: id }) });

const after = (pending: Choice | null, otherwise: AgentState): AgentState => (pending ? rest(pending) : otherwise);

/**
 * The whole of an agent's behaviour. Pure: answers the next state, or `agent.illegal-transition`
 * in which case nothing has changed.
 */
export function transition(state: AgentState, event: AgentEvent): Result<AgentState> {
  const illegal = () => fail('agent.illegal-transition', `${event.type} in ${state.name}`);
  switch (state.name) {
    case 'LOGGED_OUT':
      if (event.type === 'resumed') return ok(event.as);
      return event.type === 'signedIn' ? ok({ name: 'NOT_READY', reason: 'login' }) : illegal();

    case 'NOT_READY':
    case 'READY':
      switch (event.type) {
        case 'chosen':
          return ok(rest(event.choice));
        case 'offered':
          if (state.name === 'NOT_READY' && !event.direct) return illegal();
          return ok({ name: 'RESERVED', contactId: event.contactId, resume: state, pending: null });
        case 'dialled':
          return ok({ name: 'TALKING', contactId: event.contactId, resume: state, pending: null });
        case 'graceExpired':
          return ok({ name: 'NOT_READY', reason: 'disconnected' });
        default:
          return illegal();
      }

    case 'RESERVED':
      switch (event.type) {
        case 'chosen':
          return ok({ ...state, pending: event.choice });
        case 'answered':
          return ok({ name: 'TALKING', contactId: state.contactId, resume: state.resume, pending: state.pending });
        case 'callerGone':
        case 'deskLost':
        case 'repaired':
          return ok(after(state.pending, state.resume));
        case 'offerTimedOut':
          return ok(after(state.pending, event.direct ? state.resume : { name: 'NOT_READY', reason: 'rona' }));
        case 'rejected':
          return ok(after(state.pending, event.direct ? state.resume : { name: 'NOT_READY', reason: 'rejected' }));
        case 'graceExpired':
          return ok({ ...state, resume: { name: 'NOT_READY', reason: 'disconnected' } });
        default:
          return illegal();
      }

    case 'TALKING':
      switch (event.type) {
        case 'chosen':
          return ok({ ...state, pending: event.choice });
        case 'callEnded':
          return event.wrapUp
            ? ok({ name: 'AFTER_CALL', contactId: state.contactId, deadline: event.wrapUp.deadline, pending: state.pending, ...(event.wrapUp.restore === true && { resume: state.resume }) })
            : ok(after(state.pending, state.resume));
        case 'repaired':
          return ok(after(state.pending, state.resume));
        case 'moved':
          return ok({ ...state, contactId: event.contactId });
        case 'graceExpired':
          return ok({ ...state, resume: { name: 'NOT_READY', reason: 'disconnected' }, pending: { kind: 'away', reason: 'other' } });
        default:
          return illegal();
      }

    case 'AFTER_CALL':
      switch (event.type) {
        case 'chosen':
          return ok(rest(event.choice));
        case 'wrapUpCompleted':
          return ok(event.next ? rest(event.next) : after(state.pending, state.resume ?? READY));
        case 'wrapUpExpired':
        case 'repaired':
          return ok(after(state.pending, state.resume ?? READY));
        case 'wrapUpExtended':
          return ok({ ...state, deadline: event.deadline });
        case 'offered':
          // A transfer that nobody took comes back to its sender, who has begun to write it up.
          if (!event.direct || event.contactId !== state.contactId) return illegal();
          return ok({ name: 'RESERVED', contactId: state.contactId, resume: state.resume ?? { name: 'READY' }, pending: state.pending });
        case 'graceExpired':
          return ok({ name: 'NOT_READY', reason: 'disconnected' });
        default:
          return illegal();
      }

    default:
      return unreachable(state);
  }
}

/** Whether a person may sign out, or another desk may take over, without ending a call. */
export const isIdle = (state: AgentState): boolean =>
  state.name === 'LOGGED_OUT' || state.name === 'READY' || state.name === 'NOT_READY' || state.name === 'AFTER_CALL';
