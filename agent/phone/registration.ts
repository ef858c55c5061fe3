import type { UserAgent } from 'sip.js/lib/api/index.js';
import { fail, type AppError } from '../../contract/errors.ts';
import type { Disposer } from '../../contract/errors.ts';
import type { Clock } from '../clock.ts';

const EXPIRES_S = 300;
/** A fresh binding is asked for after this share of its lifetime. */
const REFRESH_SHARE = 0.8;
const RETRY_MS = 5000;

export type RegistrationState = 'registering' | 'registered' | 'lost';

/**
 * REGISTER and its refreshes (RFC 3261 §10.2), on SIP.js's core. SIP.js's `Registerer` cannot be used again after a
 * connection was lost within a transaction, and disposing of one removes the binding its successor has just made;
 * here a new attempt abandons the former.
 */
export class Registration {
  state: RegistrationState = 'lost';
  error: AppError | null = null;
  private readonly agent: UserAgent;
  private readonly clock: Clock;
  private readonly changed: () => void;
  /** The same for all REGISTERs of one boot, as §10.2.4 recommends. */
  private readonly callId = crypto.randomUUID();
  private cseq = 0;
  private attempt = 0;
  private stopTimer: Disposer = () => {};

  constructor(agent: UserAgent, clock: Clock, changed: () => void) {
    this.agent = agent;
    this.clock = clock;
    this.changed = changed;
  }

  /** Sends REGISTER now. The outcome is told through `changed`; a refresh is scheduled. */
  register(): void {
    if (this.state === 'lost') this.move('registering', null);
    this.send(EXPIRES_S, (seconds) => {
      this.move('registered', null);
      this.later(seconds * 1000 * REFRESH_SHARE);
    });
  }

  /** Removes the binding. Resolves when answered, or after 1 s without an answer: the switch forgets it anyway. */
  unregister(): Promise<void> {
    this.stopTimer();
    if (this.state === 'lost' || !this.agent.isConnected()) return Promise.resolve();
    return new Promise((resolve) => {
      const stopWaiting = this.clock.setTimeout(resolve, 1000);
      this.send(0, () => {
        stopWaiting();
        resolve();
      });
      this.move('lost', null);
    });
  }

  /** The connection is gone: whatever was under way no longer counts. */
  connectionLost(error: AppError | null): void {
    this.attempt++;
    this.stopTimer();
    this.move('lost', error);
  }

  private send(expires: number, accepted: (seconds: number) => void): void {
    const attempt = ++this.attempt;
    this.stopTimer();
    const { uri } = this.agent.configuration;
    const registrar = uri.clone();
    registrar.user = undefined;
    const core = this.agent.userAgentCore;
    const contact = `Contact: ${this.agent.contact.toString({ register: true })};expires=${expires}`;
    const allow = 'Allow: ACK,CANCEL,INVITE,BYE,OPTIONS,INFO,NOTIFY';
    const request = core.makeOutgoingRequestMessage('REGISTER', registrar, uri, uri, { callId: this.callId, cseq: ++this.cseq, toTag: '' }, [contact, allow]);
    core.register(request, {
      onAccept: ({ message }) => {
        this.cseq = Math.max(this.cseq, request.cseq);
        if (attempt === this.attempt) accepted(grantedSeconds(message.getHeaders('contact'), message.getHeader('expires'), expires));
      },
      onReject: ({ message }) => {
        this.cseq = Math.max(this.cseq, request.cseq);
        if (attempt === this.attempt) this.refused(message.statusCode ?? 0);
      },
    });
  }

  private refused(status: number): void {
    const wrongPassword = status === 401 || status === 403 || status === 407;
    const { error } = wrongPassword ? fail('auth.invalid', `REGISTER answered ${status}`) : fail('phone.not-registered', `REGISTER answered ${status}`);
    this.move('lost', error);
    // A refused password does not become right by repetition.
    if (!wrongPassword) this.later(RETRY_MS);
  }

  private later(delayMs: number): void {
    this.stopTimer();
    this.stopTimer = this.clock.setTimeout(() => this.register(), delayMs);
  }

  private move(state: RegistrationState, error: AppError | null): void {
    if (state === this.state && error === this.error) return;
    this.state = state;
    this.error = error;
    this.changed();
  }
}

/** RFC 3261 §10.2.4: the Contact's own `expires`, else the header, else what was asked for. */
function grantedSeconds(contacts: readonly string[], header: string | undefined, asked: number): number {
  const own = contacts.map((contact) => /;\s*expires=(\d{1,6})/i.exec(contact)?.[1]).filter((value) => value !== undefined);
  const seconds = Number(own.length > 0 ? Math.min(...own.map(Number)) : (header ?? asked));
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, asked) : asked;
}
