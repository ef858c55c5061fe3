import { CONTRACT } from '../../../contract/contract-version.ts';
import type { CtiCommandName, CtiEvent, CtiRequest, CtiResponse, CtiSnapshot, Rejoin, TopicAsk, TopicMessage } from '../../../contract/cti/index.ts';
import type { ApiAsked } from '../../../contract/api/index.ts';
import type { TimelineEntry } from '../../../contract/customer.ts';
import type { ContactView } from '../../../contract/contact.ts';
import { fail, ok, type Result } from '../../../contract/errors.ts';
import type { AgentId, GroupId } from '../../../contract/ids.ts';
import type { Me } from '../../../contract/directory.ts';
import type { CustomerWriting } from '../../../center/customers/writing.ts';
import type { Configuration, PersonRecord } from '../../../center/configuration/records.ts';
import { meOf } from '../../../center/people/person.ts';
import type { ContactCenter, DeskConnection, DeskSink } from '../../../center/ports.ts';

/** A core that does nothing but remember: the other side of the gateway's seam. */
export class FakeCenter implements ContactCenter {
  switchAvailable = true;
  contactCount = 0;
  readonly commands: { agentId: AgentId; name: string; request: unknown }[] = [];
  readonly sinks = new Map<AgentId, DeskSink>();
  readonly disconnected: AgentId[] = [];
  /** Runs while a snapshot is being made. */
  duringSnapshot: () => void = () => {};
  /** What commands answer. */
  answer: () => Result<null> = () => ok(null);
  busy = false;
  /** What snapshots hold. */
  contacts: ContactView[] = [];
  /** What its switch takes. */
  rejoin: Rejoin = 'reinvite';
  private readonly people: Map<AgentId, PersonRecord>;
  private readonly generations = new Map<AgentId, number>();

  constructor({ people }: Configuration) {
    this.people = new Map(people.map((person) => [person.agentId, person]));
  }

  /** This person is set up so from now on. */
  set(agentId: AgentId, change: Partial<PersonRecord>): void {
    const person = this.people.get(agentId);
    if (person !== undefined) this.people.set(agentId, { ...person, ...change });
  }

  remove(agentId: AgentId): void {
    this.people.delete(agentId);
  }

  /** This person is of these groups from now on. */
  move(account: string, groupIds: Me['groupIds']): void {
    const person = [...this.people.values()].find((one) => one.account === account);
    if (person !== undefined) this.set(person.agentId, { memberships: groupIds.map((groupId) => ({ groupId, skill: 1 })) });
  }

  readonly configuration = null;

  membersOf(groupIds: readonly GroupId[]): Set<AgentId> {
    return new Set([...this.people.values()].filter(({ memberships }) => memberships.some(({ groupId }) => groupIds.includes(groupId))).map(({ agentId }) => agentId));
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  me(agentId: AgentId, kind: 'desk' | 'console'): Me | null {
    const person = this.people.get(agentId);
    return person === undefined || (kind === 'desk' && person.extension === null) ? null : meOf(person, kind);
  }

  hasDesk(agentId: AgentId): boolean {
    return (this.people.get(agentId)?.extension ?? null) !== null;
  }

  signIn(agentId: AgentId, client: 'desktop' | 'web'): ReturnType<ContactCenter['signIn']> {
    if (this.busy) return Promise.resolve(fail('auth.busy-elsewhere', 'on a call'));
    const generation = (this.generations.get(agentId) ?? 0) + 1;
    this.generations.set(agentId, generation);
    this.sinks.get(agentId)?.send({ type: 'session.replaced', payload: { by: client } });
    return Promise.resolve(ok({ sipUser: String(agentId), sipPassword: 'sip-secret', rejoin: this.rejoin, generation }));
  }

  /** What was written of customers, and by whom contacts were corrected. */
  readonly written: { name: string; request: unknown }[] = [];
  /** What writing answers. */
  writes: (name: string) => Result<never> = () => fail('customer.not-found', 'nobody');

  readonly customers: CustomerWriting = {
    create: (draft) => this.write('create', draft),
    update: (customerId, version, draft) => this.write('update', { customerId, version, draft }),
    giveNumber: (customerId, number) => this.write('giveNumber', { customerId, number }),
    takeNumberBack: (customerId, number) => this.write('takeNumberBack', { customerId, number }),
  };

  correctContact(agentId: AgentId, correction: ApiAsked<'contacts.correct'>): Promise<Result<TimelineEntry>> {
    return this.write('correct', { agentId, ...correction });
  }

  private write(name: string, request: unknown): Promise<Result<never>> {
    this.written.push({ name, request });
    return Promise.resolve(this.writes(name));
  }

  readonly changed: string[] = [];

  customersChanged(customerIds: readonly string[]): Promise<void> {
    this.changed.push(...customerIds);
    return Promise.resolve();
  }

  signOut(): Promise<Result<null>> {
    return Promise.resolve(this.busy ? fail('agent.on-call', 'on a call') : ok(null));
  }

  endSignIn(agentId: AgentId): 'ended' | 'after-call' {
    if (this.busy) return 'after-call';
    this.generations.set(agentId, (this.generations.get(agentId) ?? 0) + 1);
    return 'ended';
  }

  connect(agentId: AgentId, generation: number, sink: DeskSink): Result<DeskConnection> {
    if (generation !== this.generations.get(agentId)) return fail('auth.replaced', 'a newer sign-in');
    this.sinks.set(agentId, sink);
    return ok(this.connection(agentId, 'desk'));
  }

  /** Which groups a wall was asked of. */
  readonly walls: (readonly GroupId[])[] = [];

  wall(groupIds: readonly GroupId[]): ReturnType<ContactCenter['wall']> {
    this.walls.push(groupIds);
    return { serverNow: 0, timeZone: 'Asia/Seoul', groups: [], statistics: [], ready: [] };
  }

  /** Who asked to look at what, and no longer; whom a line said that it can be told more. */
  readonly looked: (TopicAsk & { agentId: AgentId })[] = [];
  readonly unlooked: (TopicAsk & { agentId: AgentId })[] = [];
  readonly caughtUp: AgentId[] = [];
  /** What it answers to who would look. */
  looks: (ask: TopicAsk) => Result<null> = () => ok(null);

  readonly consoles: DeskSink[] = [];

  connectConsole(agentId: AgentId, sink: DeskSink): Result<DeskConnection> {
    this.consoles.push(sink);
    return ok(this.connection(agentId, 'console'));
  }

  private connection(agentId: AgentId, kind: 'desk' | 'console'): DeskConnection {
    return {
      snapshot: async () => {
        await Promise.resolve();
        this.duringSnapshot();
        return this.snapshot(agentId, kind);
      },
      command: async <Name extends CtiCommandName>(name: Name, request: CtiRequest<Name>): Promise<Result<CtiResponse<Name>>> => {
        this.commands.push({ agentId, name, request });
        await Promise.resolve();
        return this.answer() as Result<CtiResponse<Name>>;
      },
      topics: {
        subscribe: (ask) => {
          this.looked.push({ agentId, ...ask });
          return this.looks(ask);
        },
        unsubscribe: (ask) => void this.unlooked.push({ agentId, ...ask }),
        caughtUp: () => void this.caughtUp.push(agentId),
        close: () => {},
      },
      disconnected: () => this.disconnected.push(agentId),
    };
  }

  tellTopic(agentId: AgentId, message: TopicMessage): boolean {
    return this.sinks.get(agentId)?.topic(message) ?? false;
  }

  tell(agentId: AgentId, event: CtiEvent): void {
    this.sinks.get(agentId)?.send(event);
  }

  private snapshot(agentId: AgentId, kind: 'desk' | 'console'): Omit<CtiSnapshot, 'seq'> {
    const me = this.me(agentId, kind);
    if (me === null) throw new Error('nobody');
    return { contract: CONTRACT, serverNow: 0, timeZone: 'Asia/Seoul', me, switchAvailable: true, contacts: this.contacts, agents: [], groups: [], dispositions: [], dialling: { classes: ['emergency', 'internal', 'local', 'mobile', 'national'], blocked: false, home: '', own: [] }, store: null, supervision: null, customersCursor: 0 };
  }
}
