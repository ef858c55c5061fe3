import type { HangUpCause } from './port.ts';

/** Final answer to an INVITE that is refused for `cause` (RFC 3261 §21). */
const STATUS: Readonly<Record<HangUpCause, number>> = {
  normal: 480,
  busy: 486,
  noAnswer: 480,
  rejected: 603,
  forbidden: 403,
  cancelled: 487,
  unreachable: 480,
  unknownNumber: 404,
  answeredElsewhere: 480,
  networkLost: 503,
  failed: 500,
};

export const statusOf = (cause: HangUpCause): number => STATUS[cause];

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
    // Nobody declined: this line and that one do not understand each other.
    case 401:
    case 407:
    case 415:
    case 420:
    case 488:
    case 606:
      return 'failed';
    default:
      return status >= 500 && status < 600 ? 'failed' : 'rejected';
  }
}

/** Q.850 cause for the Reason header of a BYE or CANCEL (RFC 3326). */
const Q850: Readonly<Record<HangUpCause, number>> = {
  normal: 16,
  busy: 17,
  noAnswer: 19,
  rejected: 21,
  forbidden: 21,
  cancelled: 16,
  unreachable: 20,
  unknownNumber: 1,
  answeredElsewhere: 26,
  networkLost: 27,
  failed: 41,
};

export const q850Of = (cause: HangUpCause): number => Q850[cause];

/** A Reason header's value; a call answered elsewhere is no missed call, and phones tell it by this text. */
export const reasonOf = (cause: HangUpCause): string =>
  cause === 'answeredElsewhere' ? 'SIP;cause=200;text="Call completed elsewhere"' : `Q.850;cause=${Q850[cause]}`;
