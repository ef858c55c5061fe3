import type { CtiCommandName, CtiEvent, CtiRequest, CtiResponse, CtiSnapshot, Rejoin } from '../../../contract/cti/index.ts';
import type { ApiAsked } from '../../../contract/api/index.ts';
import type { TimelineEntry } from '../../../contract/customer.ts';
import type { ContactView } from '../../../contract/contact.ts';
import { fail, ok, type Result } from '../../../contract/errors.ts';
import type { AgentId, GroupId } from '../../../contract/ids.ts';
import type { Me } from '../../../contract/directory.ts';
import type { CustomerWriting } from '../../../center/customers/writing.ts';
import type { Configuration } from '../../../center/configuration/records.ts';
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
  private readonly people: Map<AgentId, Me>;
  private readonly generations = new Map<AgentId, number>();

  constructor({ agents }: Configuration) {
    this.people = new Map(agents.map(({ memberships, ...agent }) => [agent.agentId, { ...agent, groupIds: memberships.map(({ groupId }) => groupId) }]));
  }

  /** This person is of these groups from now on. */
  move(account: string, groupIds: Me['groupIds']): void {
    const me = [...this.people.values()].find((person) => person.account === account);
    if (me !== undefined) this.people.set(me.agentId, { ...me, groupIds });
  }

  readonly configuration = null;

  membersOf(groupIds: readonly GroupId[]): Set<AgentId> {
    return new Set([...this.people.values()].filter((person) => person.groupIds.some((groupId) => groupIds.includes(groupId))).map(({ agentId }) => agentId));
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  me(agentId: AgentId): Me | null {
    return this.people.get(agentId) ?? null;
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
    return ok({
      snapshot: async () => {
        await Promise.resolve();
        this.duringSnapshot();
        return this.snapshot(agentId);
      },
      command: async <Name extends CtiCommandName>(name: Name, request: CtiRequest<Name>): Promise<Result<CtiResponse<Name>>> => {
        this.commands.push({ agentId, name, request });
        await Promise.resolve();
        return this.answer() as Result<CtiResponse<Name>>;
      },
      disconnected: () => this.disconnected.push(agentId),
    });
  }

  tell(agentId: AgentId, event: CtiEvent): void {
    this.sinks.get(agentId)?.send(event);
  }

  private snapshot(agentId: AgentId): Omit<CtiSnapshot, 'seq'> {
    const me = this.me(agentId);
    if (me === null) throw new Error('nobody');
    return { serverNow: 0, timeZone: 'Asia/Seoul', me, switchAvailable: true, contacts: this.contacts, agents: [], groups: [], dispositions: [], dialling: { classes: ['emergency', 'internal', 'local', 'mobile', 'national'], blocked: false, home: '', own: [] }, statistics: [], directCalls: null, store: null, supervision: null, customersCursor: 0 };
  }
}
