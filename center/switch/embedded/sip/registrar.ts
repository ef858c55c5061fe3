import { NameAddrHeader, type IncomingRegisterRequest, type URI } from 'sip.js/lib/core/index.js';
import type { Disposer } from '../../../../contract/errors.ts';
import type { Clock } from '../../../ports.ts';
import type { EndpointRecord } from '../../port.ts';
import type { SipConnection } from './connection.ts';
import { isFor, isProof, parseAuthorization } from './digest.ts';
import { Guesses } from './guesses.ts';
import type { SipRequest } from './reading.ts';
import type { Identification } from './server.ts';

/*
 * Accounts and where their phones are (RFC 3261 §10). One binding a user: the newest registration wins.
 */

const DEFAULT_EXPIRES_S = 600;
const MAX_EXPIRES_S = 3600;

export interface Binding {
  connection: SipConnection;
  contact: URI;
  expiresS: number;
  cancelExpiry: Disposer;
}

interface Parts {
  realm: string;
  clock: Clock;
  onChanged: (user: string, registered: boolean) => void;
}

export class Registrar {
  private readonly accounts = new Map<string, EndpointRecord>();
  private readonly bindings = new Map<string, Binding>();
  private readonly guesses: Guesses;
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
    this.guesses = new Guesses(() => parts.clock.monotonic());
  }

  put(account: EndpointRecord): void {
    const former = this.accounts.get(account.user);
    this.accounts.set(account.user, account);
    // Whoever registered with the old password has to show the new one.
    if (former !== undefined && former.password !== account.password) this.unbind(account.user);
  }

  remove(user: string): void {
    this.accounts.delete(user);
    this.guesses.forget(user);
    this.unbind(user);
  }

  account(user: string): EndpointRecord | undefined {
    return this.accounts.get(user);
  }

  binding(user: string): Binding | undefined {
    return this.bindings.get(user);
  }

  /** Who sent this request, by its digest credentials. Keeps nothing for who proves nothing. */
  identify(request: SipRequest, connection: SipConnection): Identification {
    const header = (request.headers.get('authorization') ?? request.headers.get('proxy-authorization'))?.[0];
    const challenge = (stale: boolean): Identification => {
      const headers = [`WWW-Authenticate: ${connection.nonces.challenge(this.parts.realm, stale)}`];
      return { kind: 'unproved', answer: { status: 401, phrase: 'Unauthorized', headers } };
    };
    const credentials = header === undefined ? null : parseAuthorization(header);
    if (credentials === null || credentials.realm !== this.parts.realm) return challenge(false);
    // Proved or not: as it is for something else, it says nothing of this.
    if (!isFor(credentials.uri, request.uri)) return { kind: 'unproved', answer: { status: 400, phrase: 'Credentials For Another Request' } };
    const waitMs = this.guesses.waitMs(credentials.username, connection);
    if (waitMs > 0) return { kind: 'unproved', answer: { status: 403, phrase: 'Forbidden', headers: [`Retry-After: ${Math.ceil(waitMs / 1000)}`] } };
    const account = this.accounts.get(credentials.username);
    if (account === undefined || !isProof(credentials, account.password, request.method)) {
      this.guesses.failed(credentials.username, connection);
      return challenge(false);
    }
    if (connection.nonces.consume(credentials.nonce, credentials.nonceCount) === 'stale') return challenge(true);
    this.guesses.proved(account.user, connection);
    connection.proved(account.user);
    return { kind: 'known', account };
  }

  /** Binds the phone of who has proved to be `account`. */
  register(request: IncomingRegisterRequest, connection: SipConnection, account: EndpointRecord): void {
    if (request.message.to.uri.user !== account.user) request.reject({ statusCode: 403 });
    else this.update(request, account.user, connection);
  }

  /** The connection is gone, and its registrations with it. */
  connectionClosed(connection: SipConnection): void {
    for (const [user, binding] of this.bindings) if (binding.connection === connection) this.unbind(user);
  }

  clear(): void {
    for (const binding of this.bindings.values()) binding.cancelExpiry();
    this.bindings.clear();
  }

  private update(request: IncomingRegisterRequest, user: string, connection: SipConnection): void {
    const { message } = request;
    const contacts = message.getHeaders('contact');
    if (contacts.length === 1 && contacts[0]?.trim() === '*') {
      if (grantedS(message.getHeader('expires')) !== 0) {
        request.reject({ statusCode: 400 });
        return;
      }
      this.unbind(user);
      request.accept({ statusCode: 200 });
      return;
    }
    for (let index = 0; index < contacts.length; index++) {
      const contact: unknown = message.parseHeader('contact', index);
      if (!(contact instanceof NameAddrHeader)) continue;
      const expiresS = grantedS(contact.getParam('expires') ?? message.getHeader('expires'));
      if (expiresS === 0) {
        const bound = this.bindings.get(user);
        if (bound?.contact.toRaw() === contact.uri.toRaw() || bound?.connection === connection) this.unbind(user);
      } else this.bind(user, connection, contact.uri, expiresS);
    }
    const bound = this.bindings.get(user);
    const extraHeaders = bound === undefined ? [] : [`Contact: <${bound.contact.toRaw()}>;expires=${bound.expiresS}`];
    request.accept({ statusCode: 200, extraHeaders });
  }

  private bind(user: string, connection: SipConnection, contact: URI, expiresS: number): void {
    const former = this.bindings.get(user);
    former?.cancelExpiry();
    const cancelExpiry = this.parts.clock.setTimeout(() => this.unbind(user), expiresS * 1000);
    this.bindings.set(user, { connection, contact, expiresS, cancelExpiry });
    if (former?.connection !== connection) this.parts.onChanged(user, true);
  }

  private unbind(user: string): void {
    const former = this.bindings.get(user);
    if (former === undefined) return;
    former.cancelExpiry();
    this.bindings.delete(user);
    this.parts.onChanged(user, false);
  }
}

/** Seconds a registration is granted for what was asked: at most an hour, ten minutes where nothing sensible was. */
function grantedS(asked: string | null | undefined): number {
  if (asked === null || asked === undefined || !/^\d{1,10}$/.test(asked)) return DEFAULT_EXPIRES_S;
  return Math.min(Number(asked), MAX_EXPIRES_S);
}
