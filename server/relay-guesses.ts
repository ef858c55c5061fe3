import { writeAnswer } from '../center/switch/embedded/sip/answering.ts';
import type { SipConnection } from '../center/switch/embedded/sip/connection.ts';
import { parseAuthorization } from '../center/switch/embedded/sip/digest.ts';
import { Guesses } from '../center/switch/embedded/sip/guesses.ts';
import { screen, type Answer } from '../center/switch/embedded/sip/guard.ts';
import { readAddress, readMessage, type SipRequest, type SipResponse } from '../center/switch/embedded/sip/reading.ts';

/**
 * A REFER whose sender wants to hear nothing of it (RFC 4488 §4): an Asterisk without the repair of its issue 2021 follows
 * a null pointer over it, and ends with every call. Whatever does not begin with `true` it takes for that.
 */
const isReferWithoutNews = ({ method, headers }: SipRequest): boolean => method === 'REFER' && (headers.get('refer-sub') ?? []).some((value) => !/^\s*true/i.test(value));

/** What phones send. Asterisk takes `invite` for INVITE as well: what is spelled otherwise is none of these to us, and may be to it. */
const METHODS: ReadonlySet<string> = new Set(['ACK', 'BYE', 'CANCEL', 'INFO', 'INVITE', 'MESSAGE', 'NOTIFY', 'OPTIONS', 'PRACK', 'PUBLISH', 'REFER', 'REGISTER', 'SUBSCRIBE', 'UPDATE']);

/** A call that wants the place of another (RFC 3891): Asterisk gives it, past the center. */
const isReplacing = ({ method, headers }: SipRequest): boolean => method === 'INVITE' && headers.has('replaces');

/** Header lines that are looked at; of an answer with more, nobody knows what it says. */
const MAX_LINES = 200;
/** Proofs under way on one connection: a phone has one, or one for each call it begins. */
const MAX_PENDING = 4;
/** What Asterisk knows of and the embedded switch does not: extensions that a request requires, and PRACK. */
const ASTERISKS_OWN: ReadonlySet<number> = new Set([420, 481]);

/** A password that is on its way; `ended` once it is known whether it was wrong. */
interface Trial {
  user: string;
  ended: (wasWrong: boolean) => void;
}

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
  private readonly pending = new Map<SipConnection, Map<string, Trial>>();

  constructor(now: () => number) {
    this.guesses = new Guesses(now);
  }

  /** A message of a phone: handed on, answered in Asterisk's place where it is wrong or too many were, or dropped. */
  ofPhone(text: string, connection: SipConnection): Verdict {
    const screened = screen(text);
    if (screened.kind === 'drop' || !hasOneReading(text)) return drop;
    if (screened.kind === 'keepAlive') return pass;
    if (screened.kind === 'response') return isOneMessage(screened.response) ? pass : drop;
    const { request } = screened;
    if (!isOneMessage(request)) return answered(request, { status: 400, phrase: 'Bad Content-Length' });
    if (screened.kind === 'refuse' && !ASTERISKS_OWN.has(screened.answer.status)) return answered(request, screened.answer);
    if (!METHODS.has(request.method)) return answered(request, { status: 501, phrase: 'Not Implemented' });
    if (isReferWithoutNews(request) || isReplacing(request)) return answered(request, { status: 603, phrase: 'Decline' });
    const claims = [...(request.headers.get('authorization') ?? []), ...(request.headers.get('proxy-authorization') ?? [])];
    if (claims.length === 0) return pass;
    const user = claims.length > 1 ? undefined : parseAuthorization(claims[0] ?? '')?.username;
    if (user === undefined) return answered(request, { status: 400, phrase: 'Bad Authorization' });
    const waitMs = this.guesses.waitMs(user, connection);
    // An office that comes back at once is asked to wait a moment, and not told that its passwords are wrong.
    if (waitMs > 0 && this.guesses.waitMsAtBest(user, connection) === 0) return answered(request, { status: 503, phrase: 'Service Unavailable', headers: ['Retry-After: 1'] });
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
    const trial = tried.get(transaction);
    if (trial === undefined) return null;
    const isRight = isProof(answer, status, trial.user);
    if (status < 200 && !isRight) return null;
    tried.delete(transaction);
    // A nonce that is too old says nothing of the password.
    const isStale = answer.headers.get('www-authenticate')?.some((challenge) => /stale\s*=\s*"?true/i.test(challenge)) ?? false;
    trial.ended((status === 401 || status === 407 || status === 403) && !isStale);
    if (!isRight) return null;
    this.guesses.proved(trial.user, connection);
    return trial.user;
  }

  /** The connection is no more: what was tried on it and not seen to be right counts as wrong. */
  left(connection: SipConnection): void {
    for (const { ended } of this.pending.get(connection)?.values() ?? []) ended(true);
    this.pending.delete(connection);
  }

  /** What was tried again before it was answered, and what is the oldest of too many, counts as wrong. */
  private try(transaction: string, user: string, connection: SipConnection): void {
    const tried = this.pending.get(connection) ?? new Map<string, Trial>();
    tried.get(transaction)?.ended(true);
    tried.delete(transaction);
    this.pending.set(connection, tried.set(transaction, { user, ended: this.guesses.begun(user, connection) }));
    const [oldest] = tried;
    if (oldest === undefined || tried.size <= MAX_PENDING) return;
    tried.delete(oldest[0]);
    oldest[1].ended(true);
  }
}

/**
 * Asterisk goes on with a REGISTER or an INVITE of whose password is right alone. What else it answers, as 481 to a
 * good-bye in no call, it says before it has looked at one. Whose password that was it has read in From, and says so.
 */
const isProof = ({ cseq, headers }: SipResponse, status: number, user: string): boolean =>
  status < 300 && (cseq?.method === 'INVITE' || (cseq?.method === 'REGISTER' && status >= 200)) && userOf(readAddress(headers.get('from')?.[0] ?? '')?.uri ?? '') === user;

const userOf = (uri: string): string => (/^sips?:([^@;?:]+)(?::[^@]*)?@/i.exec(uri)?.[1] ?? '').replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));

/**
 * Whether every line of its head ends as lines do (RFC 3261 §7), and nothing in it is the end of a text in C: where that
 * is not so, one reader sees a header and another none.
 */
function hasOneReading(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  return !/\r(?!\n)|(?<!\r)\n|\0/.test(end === -1 ? text : text.slice(0, end));
}

/** Whether it ends where it says so. Asterisk reads on behind that end, and takes what stands there for the next message. */
function isOneMessage({ headers, body }: SipRequest | SipResponse): boolean {
  const lengths = headers.get('content-length') ?? ['0'];
  return lengths.length === 1 && /^\d{1,6}$/.test(lengths[0] ?? '') && Number(lengths[0]) === Buffer.byteLength(body);
}
