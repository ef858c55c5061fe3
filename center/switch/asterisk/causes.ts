import type { HangUpCause } from '../port.ts';

/** Final answer to an INVITE that is refused for `cause` (RFC 3261 §21). */
const STATUS: Readonly<Record<HangUpCause, number>> = {
  normal: 480,
  busy: 486,
  noAnswer: 480,
  rejected: 603,
  cancelled: 487,
  unreachable: 480,
  unknownNumber: 404,
  answeredElsewhere: 480,
  networkLost: 503,
  failed: 500,
};

/** Q.850 cause by which Asterisk chooses the Reason header of a BYE or CANCEL (RFC 3326). */
const Q850: Readonly<Record<HangUpCause, number>> = {
  normal: 16,
  busy: 17,
  noAnswer: 19,
  rejected: 21,
  cancelled: 16,
  unreachable: 20,
  unknownNumber: 1,
  answeredElsewhere: 26,
  networkLost: 27,
  failed: 41,
};

export const statusOf = (cause: HangUpCause): number => STATUS[cause];
export const q850Of = (cause: HangUpCause): number => Q850[cause];

/** Why an INVITE of ours ended, from the far end's final answer. */
export function causeOfStatus(status: number): HangUpCause {
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 408:
      return 'noAnswer';
    case 404:
    case 484:
    case 604:
      return 'unknownNumber';
    case 480:
    case 410:
    case 502:
    case 503:
    case 504:
      return 'unreachable';
    case 487:
      return 'cancelled';
    default:
      return status >= 500 && status < 600 ? 'failed' : 'rejected';
  }
}

/** Why a call of ours ended that was never answered with a SIP status: nothing came, or Asterisk itself gave up. */
export function causeOfQ850(cause: number): HangUpCause {
  switch (cause) {
    case 1:
    case 28:
      return 'unknownNumber';
    case 17:
      return 'busy';
    case 18:
    case 19:
      return 'noAnswer';
    case 21:
      return 'rejected';
    case 26:
      return 'answeredElsewhere';
    case 16:
      return 'cancelled';
    case 3:
    case 20:
    case 27:
    case 34:
    case 38:
    case 42:
      return 'unreachable';
    default:
      return 'failed';
  }
}

/** Why a call that was up ended without a word from us: hung up over there, or no more to be heard of (RTP or session timer ran out). */
export const causeOfEnd = (q850: number): HangUpCause => (q850 === 44 || q850 === 102 || q850 === 27 || q850 === 38 ? 'networkLost' : 'normal');
