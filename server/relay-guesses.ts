import { Guesses } from '../center/switch/embedded/sip/guesses.ts';
import { writeAnswer } from '../center/switch/embedded/sip/answering.ts';
import type { SipConnection } from '../center/switch/embedded/sip/connection.ts';
import { readMessage, type SipRequest, type SipResponse } from '../center/switch/embedded/sip/reading.ts';

/** Header lines that are looked at; of a message with more, nobody knows what it proves. */
const MAX_LINES = 200;
/** Proofs under way on one connection: a phone has one, or one for each call it begins. */
const MAX_PENDING = 16;

/** What becomes of a phone's message. */
type Verdict = { kind: 'pass' } | { kind: 'drop' } | { kind: 'answer'; text: string };

const pass: Verdict = { kind: 'pass' };
const transactionOf = ({ callId, cseq }: SipRequest | SipResponse): string => `${callId} ${cseq?.number ?? ''} ${cseq?.method ?? ''}`;

/**
 * Counts wrong passwords on the way to Asterisk, which sees all phones at one address, by what it answers: for the
 * connection, its user, its address, as at the embedded switch's own door.
 */
export class RelayGuesses {
  private readonly guesses: Guesses;
  /** Whose password was tried, by transaction. */
  private readonly pending = new WeakMap<SipConnection, Map<string, string>>();

  constructor(now: () => number) {
    this.guesses = new Guesses(now);
  }

  /** A message of a phone: handed on, answered in Asterisk's place where too many were wrong, or dropped. */
  ofPhone(text: string, connection: SipConnection): Verdict {
    const request = readMessage(text, MAX_LINES);
    if (request === null || request.kind !== 'request') return pass;
    if (request.size.lines > MAX_LINES) return { kind: 'drop' };
    const user = userOf(request);
    if (user === null) return pass;
    const waitMs = this.guesses.waitMs(user, connection);
    if (waitMs > 0) return { kind: 'answer', text: writeAnswer(request, { status: 403, phrase: 'Forbidden', headers: [`Retry-After: ${Math.ceil(waitMs / 1000)}`] }) };
    const tried = this.pending.get(connection) ?? new Map<string, string>();
    this.pending.set(connection, tried.set(transactionOf(request), user));
    const [oldest] = tried.keys();
    // Who lets more than a phone's run up has them count as wrong.
    if (oldest !== undefined && tried.size > MAX_PENDING) this.settle(oldest, tried, connection, false);
    return pass;
  }

  /** An answer of Asterisk. */
  ofAsterisk(text: string, connection: SipConnection): void {
    const tried = this.pending.get(connection);
    if (tried === undefined || tried.size === 0) return;
    const answer = readMessage(text, MAX_LINES);
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0);
    if (answer?.kind !== 'response' || status < 101) return;
    // A nonce that is too old says nothing of the password.
    const isStale = answer.headers.get('www-authenticate')?.some((challenge) => /stale\s*=\s*"?true/i.test(challenge)) ?? false;
    if (isStale) tried.delete(transactionOf(answer));
    else this.settle(transactionOf(answer), tried, connection, status !== 401 && status !== 407 && status !== 403);
  }

  private settle(transaction: string, tried: Map<string, string>, connection: SipConnection, isRight: boolean): void {
    const user = tried.get(transaction);
    tried.delete(transaction);
    if (user === undefined) return;
    if (isRight) this.guesses.proved(user, connection);
    else this.guesses.failed(user, connection);
  }
}

/** Whose password a request claims to prove, in whatever form; null where it claims none. Nameless claims share one name. */
function userOf({ headers }: SipRequest): string | null {
  const claims = [...(headers.get('authorization') ?? []), ...(headers.get('proxy-authorization') ?? [])];
  if (claims.length === 0) return null;
  return /username\s*=\s*"?([^",\s]{1,64})/i.exec(claims.join(','))?.[1] ?? '';
}
