/*
 * What the customer's phone is doing.
 *
 *   line:  off ──register──▶ registering ──▶ registered
 *           ▲                   │    ▲           │ connection lost
 *           └──── unregister ◀──┴────┴───────────┘        refused: failed
 *
 *   call:  idle ──call──▶ dialling ──answered──▶ talking ⇄ held
 *            │                │                    │
 *            └─invited──▶ ringing ──answered──────▶┘
 *          every state ──ended──▶ idle(why)
 */

export type LineProblem = 'refused' | 'unreachable';

export type LineState =
  | { kind: 'off' }
  | { kind: 'registering'; user: string }
  | { kind: 'registered'; user: string }
  | { kind: 'failed'; user: string; problem: LineProblem };

export type EndReason =
  | 'ended'
  | 'cancelled'
  | 'busy'
  | 'declined'
  | 'noAnswer'
  | 'unknownNumber'
  | 'refused'
  | 'failed'
  | 'microphoneDenied'
  | 'microphoneMissing'
  | 'networkLost';

export type CallState =
  | { kind: 'idle'; why: EndReason | null }
  | { kind: 'dialling'; number: string; ringing: boolean }
  | { kind: 'ringing'; number: string }
  | { kind: 'talking'; number: string; since: number }
  | { kind: 'held'; number: string; since: number };

export interface PhoneState {
  line: LineState;
  call: CallState;
}

/** Why a call attempt failed, from its SIP status (RFC 3261 §21). */
export function endReasonOf(status: number): EndReason {
  switch (status) {
    case 401:
    case 403:
    case 407:
      return 'refused';
    case 404:
    case 484:
    case 604:
      return 'unknownNumber';
    case 408:
    case 480:
      return 'noAnswer';
    case 486:
    case 600:
      return 'busy';
    case 487:
      return 'cancelled';
    case 603:
      return 'declined';
    default:
      return 'failed';
  }
}

/** Why a call could not begin, from what getUserMedia threw. */
export function endReasonOfError(error: unknown): EndReason {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'microphoneDenied';
  if (name === 'NotFoundError' || name === 'NotReadableError' || name === 'OverconstrainedError') return 'microphoneMissing';
  return 'failed';
}
