import type { HangUpCause } from '../port.ts';

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
