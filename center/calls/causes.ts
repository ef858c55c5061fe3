import type { ContactOutcome } from '../../contract/customer.ts';
import type { HangUpCause } from '../switch/port.ts';

/** What a call came to whose target ended it so before answering. */
export const outcomeOfCause: Readonly<Record<HangUpCause, ContactOutcome>> = {
  normal: 'noAnswer',
  busy: 'busy',
  noAnswer: 'noAnswer',
  rejected: 'rejected',
  forbidden: 'rejected',
  cancelled: 'noAnswer',
  unreachable: 'noAnswer',
  unknownNumber: 'unknownNumber',
  answeredElsewhere: 'answered',
  networkLost: 'networkLost',
  failed: 'failed',
};

/** How a caller is told of it: the SIP answer follows from the cause. */
export const causeOfOutcome: Readonly<Record<ContactOutcome, HangUpCause>> = {
  answered: 'normal',
  abandonedInFlow: 'normal',
  abandonedWaiting: 'normal',
  abandonedRinging: 'normal',
  closed: 'normal',
  noAgents: 'normal',
  queueFull: 'normal',
  busy: 'busy',
  noAnswer: 'noAnswer',
  rejected: 'rejected',
  unknownNumber: 'unknownNumber',
  networkLost: 'networkLost',
  failed: 'failed',
};
