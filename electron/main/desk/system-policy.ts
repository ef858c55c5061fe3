import type { AgentState } from '../../../contract/agent-state.ts';

/** What the system tells of itself. */
export type SystemEvent = 'suspend' | 'resume' | 'lock' | 'unlock' | 'shutdown';

/** `away`: no new calls for a desk nobody sits at. `reconnect`: sockets are dead after a sleep without knowing it. */
export type Reaction = 'away' | 'reconnect';

/** What the desk does about it. Nobody is ever made ready by the system: only a person at the desk knows that. */
export function reactTo(event: SystemEvent, state: AgentState | null, { awayOnLock }: { awayOnLock: boolean }): Reaction[] {
  switch (event) {
    case 'suspend':
    case 'shutdown':
      return mayGetCalls(state) ? ['away'] : [];
    case 'lock':
      return awayOnLock && mayGetCalls(state) ? ['away'] : [];
    case 'resume':
      return ['reconnect'];
    case 'unlock':
      return [];
    default:
      return event satisfies never;
  }
}

/** Whether calls come now, or would after the present one. A choice for afterwards is the person's own and stays. */
export function mayGetCalls(state: AgentState | null): boolean {
  switch (state?.name) {
    case undefined:
    case 'LOGGED_OUT':
    case 'NOT_READY':
      return false;
    case 'READY':
      return true;
    default:
      return state !== null && 'pending' in state && (state.pending === null || state.pending.kind === 'ready');
  }
}
