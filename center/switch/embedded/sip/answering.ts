import type { Answer } from './guard.ts';
import type { SipRequest } from './reading.ts';

/*
 * Answers written by hand, without a transaction: nothing of the request is kept (RFC 3261 §8.2.7). That is what a
 * challenge is for, so that who has proved nothing costs no memory (§26.3.2.4), and whatever else needs no SIP.js.
 */

/** What this switch takes, in dialogs or out of them (RFC 3261 §20.5). */
export const ALLOW = 'Allow: ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, REGISTER';

/** The same for the same request, as a stateless answer must be (RFC 3261 §8.2.7). */
const TAG = 'sangdam-stateless';

/** The message that answers a request whose Via, From, To, Call-ID and CSeq are there. */
export function writeAnswer({ headers, toTag }: SipRequest, { status, phrase, headers: more = [] }: Answer): string {
  const one = (name: string): string => headers.get(name)?.[0] ?? '';
  const to = one('to');
  const lines = [
    `SIP/2.0 ${status} ${phrase}`,
    ...(headers.get('via') ?? []).map((via) => `Via: ${via}`),
    `From: ${one('from')}`,
    `To: ${toTag === '' ? `${to};tag=${TAG}` : to}`,
    `Call-ID: ${one('call-id')}`,
    `CSeq: ${one('cseq')}`,
    ...more,
    'Content-Length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const gone: Answer = { status: 481, phrase: 'Call/Transaction Does Not Exist' };
const notAllowed: Answer = { status: 405, phrase: 'Method Not Allowed', headers: [ALLOW] };
const OUTSIDE_OF_DIALOGS: ReadonlyMap<string, Answer> = new Map([
  ['OPTIONS', { status: 200, phrase: 'OK', headers: [ALLOW, 'Accept: application/sdp, application/dtmf-relay', 'Supported: replaces, norefersub'] }],
  ['BYE', gone],
  ['CANCEL', gone],
  ['NOTIFY', gone],
  ['SUBSCRIBE', { status: 489, phrase: 'Bad Event' }],
  ['REFER', { status: 403, phrase: 'Forbidden' }],
]);

/** What is answered to a request that belongs to no call and asks for none, whoever sent it. */
export const answerOutside = ({ method, toTag }: SipRequest): Answer => (toTag === '' ? (OUTSIDE_OF_DIALOGS.get(method) ?? notAllowed) : gone);
