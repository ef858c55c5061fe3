import type { AgentState } from '../../contract/agent-state.ts';
import { unreachable } from '../../contract/errors.ts';
import type { Tone } from '../ui/tone.ts';

/** Colour and shape of an agent's state, the same on every screen. */
export function toneOf(state: AgentState): Tone {
  switch (state.name) {
    case 'READY':
      return 'ready';
    case 'RESERVED':
      return 'ringing';
    case 'TALKING':
      return 'talking';
    case 'AFTER_CALL':
      return 'after';
    case 'NOT_READY':
      return 'away';
    case 'LOGGED_OUT':
      return 'offline';
    default:
      return unreachable(state);
  }
}
