import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { CenterApi } from '../../agent/api/index.ts';
import { CenterRest } from '../../agent/cti/index.ts';
import { CTI_PATH, CtiSnapshot, EventEnvelope, parseCtiEvent, SignedIn, TopicMessage, type CtiCommandName, type CtiEvent, type CtiRequest, type TopicName } from '../../contract/cti/index.ts';
import type { ContactView } from '../../contract/contact.ts';
import { done } from '../../contract/errors.ts';
import { looking, type TopicWatch } from './topic-watch.ts';
import { until } from './until.ts';

const ACK_TIMEOUT_MS = 20_000;

/** One person's line to the center without any screen: signed in over REST, connected by the CTI socket. */
export class CtiLine {
  readonly origin: string;
  readonly signedIn: SignedIn;
  /** The center's API, with this person's rights. */
  readonly api: CenterApi;
  /** Everything it was told, oldest first. */
  readonly events: CtiEvent[] = [];
  /** The contacts of this person's desk, by id. */
  readonly contacts = new Map<string, ContactView>();
  private readonly watches: TopicWatch<TopicName>[] = [];
  private readonly socket: Socket;
  private readonly listeners: ((event: CtiEvent) => void)[] = [];

  private constructor(origin: string, signedIn: SignedIn, socket: Socket) {
    this.origin = origin;
    this.signedIn = signedIn;
    this.socket = socket;
    this.api = new CenterApi(new CenterRest(origin), { use: (ask) => ask(signedIn.accessToken) });
    socket.on('event', (envelope: unknown) => this.hear(EventEnvelope.parse(envelope)));
    socket.on('topic', (message: unknown) => {
      for (const watch of this.watches) watch.hear(TopicMessage.parse(message));
    });
  }

  /** @throws when the sign-in or the socket is refused */
  static async open(origin: string, account: string, password: string, client: 'desktop' | 'web' = 'web'): Promise<CtiLine> {
    const response = await fetch(`${origin}/api/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account, password, client }),
    });
    const signedIn = SignedIn.parse(unwrap(await response.json()));
    const socket = io(origin, { path: CTI_PATH, auth: { token: signedIn.accessToken }, transports: ['websocket'], reconnection: false, forceNew: true });
    const line = new CtiLine(origin, signedIn, socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return line;
  }

  close(): void {
    this.socket.close();
  }

  onEvent(listener: (event: CtiEvent) => void): void {
    this.listeners.push(listener);
  }

  async snapshot(): Promise<CtiSnapshot> {
    return CtiSnapshot.parse(await this.command('sync.snapshot', {}));
  }

  /** Begins to look at a topic. Resolves with the whole there. @throws where it is refused */
  async look<Name extends TopicName>(topic: Name): Promise<TopicWatch<Name>> {
    const watch = looking(this.watches, done, topic);
    await this.command('topic.subscribe', watch.ask);
    return watch;
  }

  /** @throws when the center refuses, or is gone */
  async command<Name extends CtiCommandName>(type: Name, payload: CtiRequest<Name>): Promise<unknown> {
    // Socket.IO would keep it for a connection that does not come back.
    if (!this.socket.connected) throw new Error('the line is down');
    const answer: unknown = await this.socket.timeout(ACK_TIMEOUT_MS).emitWithAck('command', { type, key: randomUUID(), payload });
    return unwrap(answer);
  }

  /** Becomes Ready, as soon as the phone is there. */
  async goReady(): Promise<void> {
    await until(`${this.signedIn.me.account} is ready`, () => this.command('agent.setState', { choice: { kind: 'ready' } }).then(() => true));
  }

  /** Waits for the one contact of this desk to be in this state. */
  async contactIs(state: ContactView['me']['state'], timeoutMs?: number): Promise<ContactView> {
    return until(`${this.signedIn.me.account}'s contact is ${state}`, () => [...this.contacts.values()].find(({ me }) => me.state === state), timeoutMs);
  }

  private hear(envelope: EventEnvelope): void {
    const event = parseCtiEvent(envelope);
    if (event === null) throw new Error(`an event that is not what it says: ${envelope.type}`);
    this.events.push(event);
    if (event.type === 'contact.changed') this.contacts.set(event.payload.contactId, event.payload);
    if (event.type === 'contact.removed') this.contacts.delete(event.payload.contactId);
    for (const listener of this.listeners) listener(event);
  }
}

/** The value of a `Result`. @throws on an error, and on what is no result */
function unwrap(answer: unknown): unknown {
  if (typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true && 'value' in answer) return answer.value;
  throw new Error(`answered ${JSON.stringify(answer)}`);
}
