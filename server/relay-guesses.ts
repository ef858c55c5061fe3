import { writeAnswer } from '../center/switch/embedded/sip/answering.ts';
import type { SipConnection } from '../center/switch/embedded/sip/connection.ts';
import { parseAuthorization } from '../center/switch/embedded/sip/digest.ts';
import { Guesses } from '../center/switch/embedded/sip/guesses.ts';
import { screen, type Answer } from '../center/switch/embedded/sip/guard.ts';
import { readMessage, type SipRequest, type SipResponse } from '../center/switch/embedded/sip/reading.ts';

/** Header lines that are looked at; of an answer with more, nobody knows what it says. */
const MAX_LINES = 200;
/** Proofs under way on one connection: a phone has one, or one for each call it begins. */
const MAX_PENDING = 4;
/** What Asterisk knows of and the embedded switch does not: extensions that a request requires, and PRACK. */
const ASTERISKS_OWN: ReadonlySet<number> = new Set([420, 481]);

/** What becomes of a phone's message. */
type Verdict = { kind: 'pass' } | { kind: 'drop' } | { kind: 'answer'; text: string };

const pass: Verdict = { kind: 'pass' };
const drop: Verdict = { kind: 'drop' };
const answered = (request: SipRequest, answer: Answer): Verdict => ({ kind: 'answer', text: writeAnswer(request, { headers: [], ...answer }) });
const transactionOf = ({ branch, callId, cseq }: SipRequest | SipResponse): string => `${branch} ${callId} ${cseq?.number ?? ''} ${cseq?.method ?? ''}`;

/**
 * Counts wrong passwords on the way to Asterisk, which sees all phones at one address, by what it answers: for the
 * connection, its user, its address, as at the embedded switch's own door. Asterisk reads more than we do, so that what
 * we cannot read, or could be read in two ways, does not reach it.
 */
export class RelayGuesses {
  private readonly guesses: Guesses;
  /** Whose password was tried, by transaction. */
  private readonly pending = new WeakMap<SipConnection, Map<string, string>>();

  constructor(now: () => number) {
    this.guesses = new Guesses(now);
  }

  /** A message of a phone: handed on, answered in Asterisk's place where it is wrong or too many were, or dropped. */
  ofPhone(text: string, connection: SipConnection): Verdict {
    const screened = screen(text);
    if (screened.kind === 'keepAlive' || screened.kind === 'response') return hasOneReading(text) ? pass : drop;
    if (screened.kind === 'drop' || !hasOneReading(text)) return drop;
    const { request } = screened;
    if (screened.kind === 'refuse' && !ASTERISKS_OWN.has(screened.answer.status)) return answered(request, screened.answer);
    const claims = [...(request.headers.get('authorization') ?? []), ...(request.headers.get('proxy-authorization') ?? [])];
    if (claims.length === 0) return pass;
    const user = claims.length > 1 ? undefined : parseAuthorization(claims[0] ?? '')?.username;
    if (user === undefined) return answered(request, { status: 400, phrase: 'Bad Authorization' });
    const waitMs = this.guesses.waitMs(user, connection);
    if (waitMs > 0) return answered(request, { status: 403, phrase: 'Forbidden', headers: [`Retry-After: ${Math.ceil(waitMs / 1000)}`] });
    this.try(transactionOf(request), user, connection);
    return pass;
  }

  /** An answer of Asterisk. @returns whose password it has found right with it; null where it says nothing of one */
  ofAsterisk(text: string, connection: SipConnection): string | null {
    const tried = this.pending.get(connection);
    if (tried === undefined || tried.size === 0) return null;
    const answer = readMessage(text, MAX_LINES);
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0);
    if (answer?.kind !== 'response' || status < 101) return null;
    const transaction = transactionOf(answer);
    const user = tried.get(transaction);
    if (user === undefined) return null;
    const isWrong = status === 401 || status === 407 || status === 403;
    if (status >= 200 || isWrong) tried.delete(transaction);
    // A nonce that is too old says nothing of the password.
    const isStale = answer.headers.get('www-authenticate')?.some((challenge) => /stale\s*=\s*"?true/i.test(challenge)) ?? false;
    if (isWrong && !isStale) this.guesses.failed(user, connection);
    if (!isProof(answer, status)) return null;
    this.guesses.proved(user, connection);
    return user;
  }

  /** What was tried again before it was answered, and what is the oldest of too many, counts as wrong. */
  private try(transaction: string, user: string, connection: SipConnection): void {
    const tried = this.pending.get(connection) ?? new Map<string, string>();
    const before = tried.get(transaction);
    if (before !== undefined) this.guesses.failed(before, connection);
    this.pending.set(connection, tried.set(transaction, user));
    const [oldest] = tried;
    if (oldest === undefined || tried.size <= MAX_PENDING) return;
    tried.delete(oldest[0]);
    this.guesses.failed(oldest[1], connection);
  }
}

/**
 * Asterisk goes on with a REGISTER or an INVITE of whose password is right alone. What else it answers, as 481 to a
 * good-bye in no call, it says before it has looked at one.
 */
const isProof = ({ cseq }: SipResponse, status: number): boolean => status < 300 && (cseq?.method === 'INVITE' || (cseq?.method === 'REGISTER' && status >= 200));

/** Whether every line of its head ends as lines do (RFC 3261 §7): where it does not, one reader sees a header and another none. */
function hasOneReading(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  return !/\r(?!\n)|(?<!\r)\n/.test(end === -1 ? text : text.slice(0, end));
}
