import { createHash, randomUUID } from 'node:crypto';
import { done, fail, type Result } from '../../../contract/errors.ts';
import type { EndpointRecord } from '../port.ts';
import { displayName, isUriUser } from '../text.ts';
import type { AriClient } from './ari/client.ts';

/** How a phone's audio goes: DTLS-SRTP and ICE from a browser or a desktop, plain RTP from a desk phone. */
type Media = 'webrtc' | 'plain';

/** By which our phones are known among other endpoints. */
export const PHONES_CONTEXT = 'sangdam-phones';
/** Context of trunks in Asterisk's files (docs/asterisk.md). */
const TRUNK_CONTEXT = 'sangdam-trunk';

interface Endpoint {
  record: EndpointRecord;
  media: Media;
  /** Contact URIs by which it can be reached. */
  contacts: Set<string>;
}

interface Parts {
  client: AriClient;
  app: string;
  /** Codecs offered and accepted, best first. */
  codecs: string;
  /** Whether Asterisk may hear a REFER of a phone. */
  mayTransfer: () => boolean;
  onChanged: (user: string, registered: boolean) => void;
  onTrouble: (user: string, message: string) => void;
}

/**
 * Phones' accounts in Asterisk, and which of them are registered. The center owns the accounts; Asterisk keeps
 * them in memory and gets them again after a restart. One phone an account: who registers last is rung.
 */
export class Endpoints {
  private readonly parts: Parts;
  private readonly endpoints = new Map<string, Endpoint>();
  /** What is being done about a phone in Asterisk. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  isRegistered(user: string): boolean {
    return (this.endpoints.get(user)?.contacts.size ?? 0) > 0;
  }

  get users(): string[] {
    return [...this.endpoints.keys()];
  }

  /** Takes a phone in; `provision` carries it to Asterisk. A changed password ends its registrations. */
  async put(record: EndpointRecord, connected: boolean): Promise<Result<null>> {
    if (!isUriUser(record.user) || !isUriUser(record.callerNumber)) return fail('input.invalid', 'a user or number no SIP URI can have');
    const former = this.endpoints.get(record.user);
    const endpoint: Endpoint = { record, media: former?.media ?? 'webrtc', contacts: former?.contacts ?? new Set() };
    this.endpoints.set(record.user, endpoint);
    return connected ? this.inTurn(record.user, () => this.provision(endpoint)) : done();
  }

  async remove(user: string, connected: boolean): Promise<Result<null>> {
    const endpoint = this.endpoints.get(user);
    this.endpoints.delete(user);
    if (endpoint !== undefined && endpoint.contacts.size > 0) this.parts.onChanged(user, false);
    return connected && isUriUser(user) ? this.inTurn(user, () => this.withdraw(user, endpoint?.contacts ?? [])) : done();
  }

  /** Takes out of Asterisk whatever phone of a center before us is none of these; trunks and others of its files stay. */
  async keep(users: ReadonlySet<string>): Promise<void> {
    const known = await this.parts.client.endpoints();
    if (!known.ok) return;
    for (const { technology, resource: user } of known.value) {
      if (technology !== 'PJSIP' || users.has(user) || this.endpoints.has(user)) continue;
      const fields = await this.parts.client.getObject('endpoint', user);
      if (!fields.ok || fields.value.get('context') !== PHONES_CONTEXT) continue;
      const removed = await this.inTurn(user, () => this.withdraw(user, []));
      if (!removed.ok) this.parts.onTrouble(user, `left by an earlier center, and it cannot be removed: ${removed.error.message}`);
    }
  }

  /** Trunks of Asterisk's files whose far end it hears a REFER from. */
  async openTrunks(): Promise<string[]> {
    const known = await this.parts.client.endpoints();
    const others = (known.ok ? known.value : []).filter(({ technology, resource }) => technology === 'PJSIP' && !this.endpoints.has(resource));
    const fields = await Promise.all(others.map(({ resource }) => this.parts.client.getObject('endpoint', resource)));
    return others.flatMap(({ resource }, i) => {
      const found = fields[i];
      if (!found?.ok) return [];
      return found.value.get('context') === TRUNK_CONTEXT && found.value.get('allow_transfer') !== 'false' ? [resource] : [];
    });
  }

  /** All phones to an Asterisk that may know none of them, and who is registered there. */
  async provisionAll(): Promise<void> {
    await Promise.all([...this.endpoints.values()].map(async (endpoint) => {
      const put = await this.provision(endpoint);
      if (!put.ok) this.parts.onTrouble(endpoint.record.user, put.error.message);
    }));
  }

  /** Reads who is registered, and tells what changed. */
  async refresh(): Promise<void> {
    const states = await this.parts.client.endpoints();
    // An Asterisk that has just begun says that it knows no PJSIP at all: nobody is registered there.
    if (!states.ok && states.error.code !== 'not-found') return;
    const online = new Set((states.ok ? states.value : []).filter(({ state }) => state === 'online').map(({ resource }) => resource));
    const users = [...this.endpoints.keys()];
    for (const user of users) if (!online.has(user)) this.setContacts(user, new Set());
    const wanted = users.filter((user) => online.has(user));
    if (wanted.length === 0) return;
    const found = await this.contactsOf(wanted);
    for (const user of wanted) this.setContacts(user, found.get(user) ?? new Set());
  }

  /** Asterisk tells that a phone registered, went, or does not answer OPTIONS any more. */
  contactChanged(user: string, uri: string, status: string): void {
    const endpoint = this.endpoints.get(user);
    if (endpoint === undefined) return;
    const contacts = new Set(endpoint.contacts);
    if (status === 'Removed' || status === 'Unreachable') contacts.delete(uri);
    else contacts.add(uri);
    this.setContacts(user, contacts);
    const media = mediaOf(uri);
    if (!contacts.has(uri) || media === endpoint.media) return;
    endpoint.media = media;
    void this.parts.client.putObject('endpoint', user, this.fieldsOf(endpoint)).then((put) => {
      if (!put.ok) this.parts.onTrouble(user, put.error.message);
    });
  }

  private setContacts(user: string, contacts: Set<string>): void {
    const endpoint = this.endpoints.get(user);
    if (endpoint === undefined) return;
    const before = endpoint.contacts.size > 0;
    endpoint.contacts = contacts;
    if (before !== contacts.size > 0) this.parts.onChanged(user, contacts.size > 0);
  }

  /** A phone that is taken out and put in again at once, by another sign-in, must not lose what was just put in. */
  private inTurn(user: string, act: () => Promise<Result<null>>): Promise<Result<null>> {
    const turn = (this.turns.get(user) ?? Promise.resolve()).then(act, act);
    this.turns.set(user, turn);
    return turn.finally(() => {
      if (this.turns.get(user) === turn) this.turns.delete(user);
    });
  }

  private async withdraw(user: string, contacts: Iterable<string>): Promise<Result<null>> {
    await this.dropContacts(user, contacts);
    for (const type of ['endpoint', 'auth', 'aor'] as const) {
      const deleted = await this.parts.client.deleteObject(type, user);
      if (!deleted.ok && deleted.error.code !== 'not-found') return deleted;
    }
    return done();
  }

  private async provision(endpoint: Endpoint): Promise<Result<null>> {
    const { client } = this.parts;
    const { user, password } = endpoint.record;
    const known = await client.getObject('auth', user);
    if (known.ok && known.value.get('password') !== password) {
      await this.dropContacts(user, endpoint.contacts);
      this.setContacts(user, new Set());
    }
    const puts = [
      client.putObject('auth', user, { auth_type: 'digest', username: user, password }),
      // The one registered last wins; the registration of a dead connection is not waited for.
      client.putObject('aor', user, { max_contacts: '1', remove_existing: 'yes', minimum_expiration: '60', maximum_expiration: '3600' }),
      client.putObject('endpoint', user, this.fieldsOf(endpoint)),
    ];
    const results = await Promise.all(puts);
    return results.find((result) => !result.ok) ?? done();
  }

  /**
   * Contact URIs by user. Only dialplan functions tell them, and those need a channel: one that leads nowhere is
   * made for the time of the question.
   */
  private async contactsOf(users: string[]): Promise<Map<string, Set<string>>> {
    const { client } = this.parts;
    const channelId = `sangdam-query-${randomUUID()}`;
    const found = new Map<string, Set<string>>();
    const made = await client.createChannel(channelId, 'Local/s@sangdam-away', this.parts.app, 'query');
    if (!made.ok) return found;
    await Promise.all(users.map(async (user) => {
      const ids = await client.channelVariable(channelId, `PJSIP_AOR(${user},contact)`);
      const uris = await Promise.all((ids.ok ? ids.value.split(',') : []).filter((id) => id !== '').map((id) => client.channelVariable(channelId, `PJSIP_CONTACT(${id},uri)`)));
      found.set(user, new Set(uris.flatMap((uri) => (uri.ok && uri.value !== '' ? [uri.value] : []))));
    }));
    await client.hangUp(channelId, 16);
    return found;
  }

  private fieldsOf(endpoint: Endpoint): Record<string, string> {
    return fieldsOf(endpoint, this.parts.codecs, this.parts.mayTransfer());
  }

  private async dropContacts(user: string, contacts: Iterable<string>): Promise<void> {
    // The id Asterisk's registrar gives a contact.
    const ids = [...contacts].map((uri) => `${user};@${createHash('md5').update(uri).digest('hex')}`);
    await Promise.all(ids.map((id) => this.parts.client.deleteObject('contact', id)));
  }
}

/** A contact's transport tells what kind of phone it is (RFC 7118 §5.2.2 for WebSockets). */
const mediaOf = (uri: string): Media => (/;transport=wss?\b/i.test(uri) ? 'webrtc' : 'plain');

function fieldsOf({ record: { user, callerNumber, displayName: name }, media }: Endpoint, codecs: string, mayTransfer: boolean): Record<string, string> {
  return {
    context: PHONES_CONTEXT,
    auth: user,
    aors: user,
    callerid: `"${displayName(name)}" <${callerNumber}>`,
    disallow: 'all',
    allow: codecs,
    // Audio always passes through Asterisk: it is mixed, recorded, and must survive a change of partner.
    direct_media: 'no',
    rewrite_contact: 'yes',
    rtp_symmetric: 'yes',
    force_rport: 'yes',
    dtmf_mode: 'rfc4733',
    allow_transfer: mayTransfer ? 'yes' : 'no',
    allow_subscribe: 'no',
    trust_id_inbound: 'no',
    send_pai: 'no',
    rtp_timeout: '60',
    // Not `yes` with plain RTP: ICE and DTLS would be demanded of a phone that has neither.
    webrtc: media === 'webrtc' ? 'yes' : 'no',
    ...(media === 'plain' && { media_encryption: 'no', ice_support: 'no', use_avpf: 'no', rtcp_mux: 'no', media_use_received_transport: 'no' }),
  };
}
