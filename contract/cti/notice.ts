import { z } from 'zod';
import { AgentId, ContactId } from '../ids.ts';

/** Things a person should be told once. The text is chosen from the code. */
export const NoticeCode = z.enum([
  'rona',
  'callerGone',
  /** The time for after-call work ran out; what was typed is kept. */
  'wrapUpOver',
  'customerLeftConsultation',
  'consultFailed',
  'transferFailed',
  'transferCompleted',
  'callReturned',
  'dialFailed',
  'networkLost',
  /** A call is up and nothing is heard in it; it is being mended. */
  'noAudio',
  /** A call to the outside is about to be ended: the longest there may be. */
  'callEndsSoon',
  /** To those in charge: somebody's outside calls look like fraud, and the costly ones are blocked. */
  'dialAlarm',
  'dialAlarmOfAll',
  /** To those in charge: emergency numbers are called again and again. Nothing is blocked. */
  'emergencyAlarm',
  'emergencyAlarmOfAll',
  'forced',
  /** Longer away than the reason allows. */
  'awayTooLong',
  /** To those in charge of an agent, who is so. */
  'agentAwayTooLong',
  'stateRepaired',
  'supervisionEnded',
  'supervisionFailed',
  /** Calls end with the center; `detail` is in how many minutes. */
  'centerStopping',
]);
export type NoticeCode = z.infer<typeof NoticeCode>;

export const Notice = z.object({
  code: NoticeCode,
  contactId: ContactId.nullable(),
  /** A name, number or outcome that the text mentions; may be empty. */
  detail: z.string(),
  /** Whom an alarm is about, where that is an agent: what was blocked can be lifted at once. */
  agentId: AgentId.optional(),
});
export type Notice = z.infer<typeof Notice>;
