import { awayAs, type AgentState, type RestState } from '../contract/agent-state.ts';
import type { AgentId, ContactId } from '../contract/ids.ts';
import { parseCenterEvent, type CenterEvent } from './events.ts';
import type { Clock, FormerRecords, LiveContact, Records, UnfinishedContact } from './ports.ts';

/** No sign-in of a desk that still waits for its center is older. */
const LOOK_BACK_MS = 24 * 3600 * 1000;
/** How far back limits of dialling look. */
const HOUR_MS = 3600 * 1000;

const DISCONNECTED: RestState = { name: 'NOT_READY', reason: 'disconnected' };

/** What the store says of the center that ran before this one. None of it is looked for in the log. */
export class FormerRun {
  /** The last time it is known to have worked; null when it left no word. */
  readonly lastSignAt: number | null;
  /** Contacts that it had under way, or had ended and not yet written into the history. */
  readonly live: readonly LiveContact[];
  /** Contacts that it did not bring to their end, in the log or in the history. */
  readonly unfinished: readonly UnfinishedContact[];
  /** What it dialled in the last hour, oldest first. */
  readonly dialling: readonly CenterEvent[];
  private readonly states: ReadonlyMap<AgentId, AgentState>;

  private constructor({ lastSignAt, live, unfinished, dialling, agents }: FormerRecords) {
    this.lastSignAt = lastSignAt;
    this.live = live;
    this.unfinished = unfinished;
    this.dialling = dialling.map(parseCenterEvent).filter((event) => event !== null);
    this.states = new Map(agents.map(({ agentId, state }) => [agentId, state]));
  }

  static async read(records: Pick<Records, 'formerRun'>, clock: Pick<Clock, 'now'>): Promise<FormerRun> {
    const now = clock.now();
    return new FormerRun(await records.formerRun({ agentsSince: now - LOOK_BACK_MS, diallingSince: now - HOUR_MS }));
  }

  /** Where an agent was to be after this call, and what they wished for meanwhile; null: they were not on it. */
  duringCall(agentId: AgentId, contactId: ContactId): Pick<Extract<AgentState, { name: 'TALKING' }>, 'resume' | 'pending'> | null {
    const state = this.states.get(agentId);
    return state?.name === 'TALKING' && state.contactId === contactId ? state : null;
  }

  /**
   * How an agent goes on whose desk has come back: as they were, where that is safe. Ready they are again only if
   * they were gone for a moment (`wasShort`); a call or its after-call work that was cut off leaves them away, for
   * they have something to see to. Null: they had signed out.
   */
  stateOf(agentId: AgentId, wasShort: boolean): RestState | null {
    const state = this.states.get(agentId);
    switch (state?.name) {
      case undefined:
        return { name: 'NOT_READY', reason: 'login' };
      case 'LOGGED_OUT':
        return null;
      case 'NOT_READY':
        return state;
      case 'READY':
        return wasShort ? state : DISCONNECTED;
      case 'RESERVED':
        if (state.pending !== null) return chosen(state.pending);
        return wasShort || state.resume.name === 'NOT_READY' ? state.resume : DISCONNECTED;
      case 'TALKING':
      case 'AFTER_CALL':
        return chosen(state.pending);
    }
  }
}

/** A wish to be away is kept; to be ready or gone is for the person to say again. */
const chosen = (pending: Extract<AgentState, { name: 'TALKING' }>['pending']): RestState => (pending?.kind === 'away' ? awayAs(pending) : DISCONNECTED);
