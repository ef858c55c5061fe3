import { fail, ok, type Result } from '../../contract/errors.ts';

/*
 * One SIP dialog as the phone sees it. Whether the other side is consulted, bridged or recorded is the center's.
 *
 *   dialling ─────────accepted────────▶ established ⇄ (active, held)
 *   ringing ──answered──▶ answering ──accepted──▶ established
 *
 *   any but ended ──terminated──▶ ended
 *   established ──hungUpOffline──▶ leaving ──terminated──▶ ended
 *
 * `leaving`: the agent hung up while the socket was down; BYE goes out as soon as it is back.
 */

export type DialogState =
  | { name: 'dialling' }
  | { name: 'ringing' }
  | { name: 'answering' }
  | { name: 'established'; hold: 'active' | 'held' }
  | { name: 'leaving' }
  | { name: 'ended' };

export type DialogEvent = { type: 'answered' } | { type: 'accepted' } | { type: 'held' } | { type: 'resumed' } | { type: 'hungUpOffline' } | { type: 'terminated' };

const MOVES: Record<DialogState['name'], Partial<Record<DialogEvent['type'], DialogState>>> = {
  dialling: { accepted: { name: 'established', hold: 'active' }, terminated: { name: 'ended' }, hungUpOffline: { name: 'leaving' } },
  ringing: { answered: { name: 'answering' }, terminated: { name: 'ended' }, hungUpOffline: { name: 'leaving' } },
  answering: { accepted: { name: 'established', hold: 'active' }, terminated: { name: 'ended' }, hungUpOffline: { name: 'leaving' } },
  established: {
    held: { name: 'established', hold: 'held' },
    resumed: { name: 'established', hold: 'active' },
    hungUpOffline: { name: 'leaving' },
    terminated: { name: 'ended' },
  },
  leaving: { terminated: { name: 'ended' }, hungUpOffline: { name: 'leaving' } },
  ended: { terminated: { name: 'ended' }, hungUpOffline: { name: 'ended' } },
};

/** Pure: the next state, or `phone.no-call`, in which case nothing has changed. */
export function moveDialog(state: DialogState, event: DialogEvent): Result<DialogState> {
  const next = MOVES[state.name][event.type];
  return next === undefined ? fail('phone.no-call', `${event.type} in ${state.name}`) : ok(next);
}
