import { onTestFinished } from 'vitest';
import { demoConfiguration, demoNumber } from '../../../center/store/demo/office.ts';
import { SavedContact } from '../../../center/calls/saved-contact.ts';
import type { CustomerWriting } from '../../../center/customers/writing.ts';
import { createContactCenter } from '../../../center/index.ts';
import { KEPT_BESIDE, parseCenterEvent } from '../../../center/events.ts';
import { ConfigurationObject } from '../../../contract/configuration.ts';
import { objectsOf, withChanges } from '../../../center/configuration/objects.ts';
import type { Configuration } from '../../../center/configuration/records.ts';
import { memoWith } from '../../../center/memo.ts';
import { noCounters, addTo, type Hours } from '../../../center/reports/counters.ts';
import { fold, hourFinder, nothingCarried } from '../../../center/reports/fold.ts';
import { NotWritten, type Clock, type DeskConnection, type LoggedEvent, type Records, type RecordsHealth, type SetAside, type UnfinishedContact } from '../../../center/ports.ts';
import type { AgentState } from '../../../contract/agent-state.ts';
import type { ContactView } from '../../../contract/contact.ts';
import type { CtiCommandName, CtiEvent, CtiRequest, CtiResponse, TopicMessage, TopicName } from '../../../contract/cti/index.ts';
import type { Customer, TimelineEntry } from '../../../contract/customer.ts';
import type { AgentCard } from '../../../contract/directory.ts';
import { conflict, fail, ok, type Disposer, type Result } from '../../../contract/errors.ts';
import type { Counters, GroupStatistics } from '../../../contract/statistics.ts';
import { AgentId, CustomerId, type ContactId, type GroupId } from '../../../contract/ids.ts';
import { Emitter } from '../../../contract/emitter.ts';
import type { StoreHealth } from '../../../contract/store-health.ts';
import type { SwitchPort } from '../../../center/switch/port.ts';
import { looking, type TopicWatch } from '../../support/topic-watch.ts';
import { FakeSwitch } from './fake-switch.ts';

/** Noon of a working day in Seoul. */
export const NOON = Date.UTC(2026, 4, 20, 3, 0, 0);
export const ORDERS = demoConfiguration().groups[0]?.groupId ?? fail('unexpected', 'the demo has no group').error.code;
export const CUSTOMER = demoNumber(1);

/** Time that passes only when a test says so. */
export class TestClock implements Clock {
  private at = 0;
  private jumpedMs = 0;
  private timers: { at: number; run: () => void }[] = [];

  now = (): number => NOON + this.at + this.jumpedMs;
  monotonic = (): number => this.at;

  setTimeout = (run: () => void, delayMs: number): Disposer => {
    const timer = { at: this.at + delayMs, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  };

  /** Somebody sets the wall clock. */
  jump(ms: number): void {
    this.jumpedMs += ms;
  }

  /** Lets time pass, and what it brings settle. */
  async pass(ms: number): Promise<void> {
    const end = this.at + ms;
    for (;;) {
      const [next] = this.timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.at = Math.max(this.at, next.at);
      next.run();
      await settle();
    }
    this.at = end;
    await settle();
  }
}

/** Everything that was begun and needs no time is done. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const full = () => new NotWritten('unwritable', 'database or disk is full');

/** What lines of the log count, from the first of them on. */
export function countAll(lines: readonly LoggedEvent[], timeZone: string): Hours {
  const hours: Hours = new Map();
  const carried = nothingCarried();
  const hourOf = hourFinder(timeZone);
  for (const line of lines) {
    const event = parseCenterEvent(line);
    if (event !== null) fold(hours, carried, event, hourOf);
  }
  return hours;
}

/** The sum of a group's hours; null where it has none. */
export function sumOf(hours: Hours, groupId: GroupId): Counters | null {
  const counted = [...hours.values()].flatMap(({ groups }) => groups.get(groupId)?.counters ?? []);
  return counted.length === 0 ? null : counted.reduce((sum, counters) => addTo(sum, counters), noCounters());
}

/** What the core hears of its records' health. */
class TestHealth implements RecordsHealth {
  current: StoreHealth = { state: 'well' };
  releasedLast = 0;
  private readonly changed = new Emitter<StoreHealth>();
  onChange = (listener: (health: StoreHealth) => void): Disposer => this.changed.on(listener);
  releaseLast = (): void => void (this.releasedLast += 1);

  become(health: StoreHealth): void {
    this.current = health;
    this.changed.emit(health);
  }
}

/** Records in memory: the same rules, nothing on a disk. */
export class MemoryRecords implements Records {
  readonly events: LoggedEvent[] = [];
  readonly timeline = new Map<string, TimelineEntry>();
  readonly live = new Map<ContactId, SavedContact>();
  readonly unfinished = new Map<ContactId, UnfinishedContact>();
  private readonly states = new Map<AgentId, AgentState>();
  readonly customers: Customer[] = [];
  readonly aside: SetAside[] = [];
  readonly health = new TestHealth();
  failing = false;
  private config: Configuration;
  /** Of each thing that was changed. */
  private readonly versions = new Map<string, number>();

  constructor(config: Configuration) {
    this.config = config;
  }

  configuration = (): Promise<Configuration> => Promise.resolve(this.config);

  changeConfiguration: Records['changeConfiguration'] = (changes) => {
    if (this.failing) return Promise.reject(full());
    const version = (kind: string, id: string): string => String(this.versions.get(`${kind} ${id}`) ?? 1);
    const known = new Set(objectsOf(this.config).map(({ kind, id }) => `${kind} ${id}`));
    const stale = changes.filter((change) => change.version !== (known.has(`${change.kind} ${change.id}`) ? version(change.kind, change.id) : null));
    if (stale.length > 0) return Promise.resolve(conflict('configuration.conflict', 'changed meanwhile', stale.map(({ kind, id }) => ({ kind, id }))));
    this.config = withChanges(this.config, changes);
    for (const { kind, id } of changes) this.versions.set(`${kind} ${id}`, Number(version(kind, id)) + 1);
    return Promise.resolve(ok(changes.flatMap((change) => (change.value === null ? [] : [ConfigurationObject.parse({ ...change, version: version(change.kind, change.id), value: { ...change.value, password: undefined } })]))));
  };

  forgetRemovedPeople = (): Promise<void> => Promise.resolve();

  setGroupOpen = (): Promise<void> => (this.failing ? Promise.reject(full()) : Promise.resolve());

  setDispositionRequired = (): Promise<void> => (this.failing ? Promise.reject(full()) : Promise.resolve());

  putDialBlock: Records['putDialBlock'] = (block) => {
    this.config.dialling.blocks.push(block);
    return Promise.resolve();
  };

  removeDialBlock: Records['removeDialBlock'] = (subject, id) => {
    this.config.dialling.blocks = this.config.dialling.blocks.filter((block) => block.subject !== subject || block.id !== id);
    return Promise.resolve();
  };

  append(events: readonly LoggedEvent[]): Promise<void> {
    if (this.failing) return Promise.reject(full());
    for (const event of events) this.keep(event);
    return Promise.resolve();
  }

  private keep(event: LoggedEvent): void {
    if (event.type !== KEPT_BESIDE) return this.log(event);
    if (event.contactId !== null && !this.timeline.has(event.contactId)) this.live.set(event.contactId, SavedContact.parse(event.data));
  }

  private log(event: LoggedEvent): void {
    this.events.push(event);
    const line = parseCenterEvent(event);
    if (line?.type === 'agent.changed' && line.agentId !== null) this.states.set(line.agentId, line.data.to);
    if (line === null || line.contactId === null) return;
    const { contactId, at, agentId, groupId } = line;
    if (line.type === 'contact.started') this.unfinished.set(contactId, { contactId, startedAt: at, kind: line.data.kind, ended: null });
    const unfinished = this.unfinished.get(contactId);
    if (line.type !== 'contact.ended' || unfinished === undefined) return;
    unfinished.ended = { at, agentId, groupId, outcome: line.data.outcome, talkMs: line.data.talkMs };
    if (this.timeline.has(contactId)) this.unfinished.delete(contactId);
  }

  formerRun: Records['formerRun'] = ({ diallingSince }) =>
    Promise.resolve({
      lastSignAt: this.events.at(-1)?.at ?? null,
      agents: [...this.states].map(([agentId, state]) => ({ agentId, state })),
      unfinished: [...this.unfinished.values()],
      live: [...this.live].map(([contactId, saved]) => ({ contactId, saved })),
      dialling: this.events.filter(({ at, type }) => at >= diallingSince && type.startsWith('dialling.')),
    });

  /** Nothing is rolled up here: every line is counted anew. */
  countedSince: Records['countedSince'] = (_timeZone, _fromMs, margin) => {
    const first = this.events.findIndex(({ at }) => at >= margin);
    return Promise.resolve({ hours: new Map(), carried: nothingCarried(), upTo: first === -1 ? this.events.length : first, last: this.events.length });
  };

  countedLines: Records['countedLines'] = (after, to) => Promise.resolve(this.events.slice(after, to));

  countedHours: Records['countedHours'] = (timeZone, fromMs, toMs) => Promise.resolve(new Map([...countAll(this.events, timeZone)].filter(([from]) => from >= fromMs && from < toMs)));

  customerByNumber = (e164: string): Promise<Customer | null> => Promise.resolve(this.customers.find(({ numbers }) => numbers.some((number) => number.e164 === e164)) ?? null);
  customer = (customerId: CustomerId): Promise<Customer | null> => Promise.resolve(this.customers.find((one) => one.customerId === customerId) ?? null);

  createCustomer: Records['createCustomer'] = (draft) => {
    if (this.failing) return Promise.reject(full());
    const customer = { ...draft, customerId: CustomerId.parse(`customer-${this.customers.length + 1}`), updatedAt: NOON, version: '1' };
    this.customers.push(customer);
    return Promise.resolve({ ok: true, value: customer });
  };

  updateCustomer: Records['updateCustomer'] = (customerId, _version, { numbers }) => this.rewriteCustomer(customerId, () => numbers);

  /** Numbers that were given to customers from calls. */
  private readonly given = new Map<string, CustomerId>();
  givenNumbers = (customerId: CustomerId): Promise<string[]> => Promise.resolve([...this.given].flatMap(([e164, owner]) => (owner === customerId ? [e164] : [])));

  giveNumber: Records['giveNumber'] = (customerId, e164) => {
    this.given.set(e164, customerId);
    return this.rewriteCustomer(customerId, (numbers) => [...numbers, { e164, label: '' }]);
  };

  takeNumberBack: Records['takeNumberBack'] = (customerId, e164) => this.rewriteCustomer(customerId, (numbers) => numbers.filter((number) => number.e164 !== e164));

  private rewriteCustomer(customerId: CustomerId, change: (numbers: Customer['numbers']) => Customer['numbers']): Promise<Result<Customer>> {
    const customer = this.customers.find((one) => one.customerId === customerId);
    if (customer === undefined) return Promise.resolve(fail('customer.not-found', customerId));
    customer.numbers = change(customer.numbers);
    return Promise.resolve(ok(customer));
  }

  contactsOnRecord = (contactIds: readonly ContactId[]): Promise<ReadonlySet<ContactId>> => Promise.resolve(new Set(contactIds.filter((contactId) => this.timeline.has(contactId))));

  putTimelineEntries(entries: readonly TimelineEntry[]): Promise<void> {
    if (this.failing) return Promise.reject(full());
    for (const entry of entries) {
      this.timeline.set(entry.contactId, entry);
      this.live.delete(entry.contactId);
      if (this.unfinished.get(entry.contactId)?.ended) this.unfinished.delete(entry.contactId);
    }
    return Promise.resolve();
  }

  timelineEntry = (contactId: ContactId): Promise<TimelineEntry | null> => Promise.resolve(this.timeline.get(contactId) ?? null);

  writeLate: Records['writeLate'] = ({ contactId, memo, base, disposition }) => {
    if (this.failing) return Promise.reject(full());
    const entry = this.timeline.get(contactId);
    return Promise.resolve(entry === undefined ? null : this.rewrite(entry, { ...(memo !== undefined && { memo: memoWith(entry.memo, base, memo) }), ...(disposition !== undefined && { disposition }) }));
  };

  correctEntry: Records['correctEntry'] = ({ contactId, version, memo, disposition, byName, at }) => {
    if (this.failing) return Promise.reject(full());
    const entry = this.timeline.get(contactId);
    if (entry === undefined) return Promise.resolve(fail('contact.not-found', contactId));
    if (version !== null && version !== entry.version) return Promise.resolve(conflict('contact.conflict', contactId, entry));
    return Promise.resolve(ok(this.rewrite(entry, { ...(memo !== undefined && { memo }), ...(disposition !== undefined && { disposition }), corrected: { at, by: byName } })));
  };

  private rewrite(entry: TimelineEntry, change: Partial<TimelineEntry>): TimelineEntry {
    const changed = { ...entry, ...change, version: `${entry.version}+` };
    this.timeline.set(entry.contactId, changed);
    return changed;
  }

  setAside(what: SetAside): Promise<void> {
    if (this.failing) return Promise.reject(full());
    this.aside.push(what);
    return Promise.resolve();
  }

  /** The disk fills up, or has room again: as a store finds out. */
  fill(isFull: boolean): void {
    this.failing = isFull;
    this.health.become(isFull ? { state: 'failing', cause: 'full' } : { state: 'well' });
  }

  /** What is on the disk at this moment, as the next run finds it. */
  copy(): MemoryRecords {
    const copy = new MemoryRecords(this.config);
    copy.events.push(...this.events);
    for (const [contactId, entry] of this.timeline) copy.timeline.set(contactId, entry);
    for (const [contactId, saved] of this.live) copy.live.set(contactId, saved);
    for (const [contactId, unfinished] of this.unfinished) copy.unfinished.set(contactId, { ...unfinished });
    for (const [agentId, state] of this.states) copy.states.set(agentId, state);
    copy.customers.push(...this.customers);
    return copy;
  }

  customersCursor = (): Promise<number> => Promise.resolve(this.timeline.size);
}

/** A desk as far as the core sees it: what it was told, and its commands. */
export class TestDesk {
  readonly agentId: AgentId;
  readonly events: CtiEvent[] = [];
  readonly contacts = new Map<string, ContactView>();
  /** What is looked at here. */
  readonly watches: TopicWatch<TopicName>[] = [];
  /** Whether it takes what it looks at, or has too much to read already. */
  reads = true;
  connection: DeskConnection | null = null;
  /** Of its sign-in. */
  generation = 0;
  /** Whether the core said that this sign-in is over. */
  isOut = false;

  constructor(agentId: AgentId) {
    this.agentId = agentId;
  }

  signedOut(): void {
    this.isOut = true;
  }

  send(event: CtiEvent): void {
    this.events.push(event);
    if (event.type === 'contact.changed') this.contacts.set(event.payload.contactId, event.payload);
    if (event.type === 'contact.removed') this.contacts.delete(event.payload.contactId);
  }

  topic(message: TopicMessage): boolean {
    if (this.reads) for (const watch of this.watches) watch.hear(message);
    return this.reads;
  }

  /** Begins to look at a topic. @throws where that is refused */
  look<Name extends TopicName>(topic: Name, groupIds: GroupId[] | null = null): TopicWatch<Name> {
    return looking(this.watches, (ask) => this.connection?.topics.subscribe(ask) ?? fail('auth.replaced', 'not connected'), topic, groupIds);
  }

  /** Anybody's card now. */
  cardOf(agentId: string): AgentCard | undefined {
    return this.look('directory').entries.get(agentId);
  }

  /** A group's figures now. */
  figuresOf(groupId: string): GroupStatistics | undefined {
    return this.look('figures').entries.get(groupId);
  }

  /** The contact at this desk. @throws when there is none, or more than one */
  get contact(): ContactView {
    const [contact, ...others] = this.contacts.values();
    if (contact === undefined || others.length > 0) throw new Error(`${this.contacts.size} contacts at the desk of ${this.agentId}`);
    return contact;
  }

  get notices(): string[] {
    return this.events.flatMap((event) => (event.type === 'notice.raised' ? [event.payload.code] : []));
  }

  command<Name extends CtiCommandName>(name: Name, request: CtiRequest<Name>): Promise<Result<CtiResponse<Name>>> {
    return this.connection?.command(name, request) ?? Promise.resolve(fail('auth.replaced', 'not connected'));
  }
}

export interface StageOptions {
  configure?: (configuration: Configuration) => Configuration;
  records?: MemoryRecords;
  /** One that has its calls from a center before. */
  switchPort?: FakeSwitch;
  /** What the core drives, where that is more than this one switch. */
  port?: SwitchPort;
  /** The clock of the run before, whose records these are. */
  clock?: TestClock;
}

/** The whole core on a switch without audio, with time in the test's hands. */
export async function centerStage({ configure = (configuration) => configuration, records, switchPort = new FakeSwitch(), port = switchPort, clock = new TestClock() }: StageOptions = {}) {
  const kept = records ?? new MemoryRecords(configure({ ...demoConfiguration(), flows: straightToOrders() }));
  const problems: string[] = [];
  const complain = (_fields: Record<string, unknown>, message: string): void => void problems.push(message);
  const center = createContactCenter({ switchPort: port, records: kept, clock, logger: { info: () => {}, warn: complain, error: complain }, phoneSecret: new Uint8Array(32), random: () => 0 });
  await center.start();
  onTestFinished(() => center.stop());

  const desks = new Map<string, TestDesk>();
  const desk = (agent: string): TestDesk => desks.get(agent) ?? notSignedIn(agent);

  /** Signs an agent in, with a registered phone, and connects their desk. */
  async function signIn(agent: string): Promise<TestDesk> {
    const made = new TestDesk(AgentId.parse(agent));
    const signedIn = await center.signIn(made.agentId, 'desktop');
    if (!signedIn.ok) throw new Error(signedIn.error.message);
    made.generation = signedIn.value.generation;
    switchPort.register(signedIn.value.sipUser);
    const connected = await comeBack(made);
    if (!connected.ok) throw new Error(connected.error.message);
    return made;
  }

  /** A desk connects by the sign-in it has. */
  async function comeBack(made: TestDesk): Promise<Result<DeskConnection>> {
    const connected = center.connect(made.agentId, made.generation, made);
    if (!connected.ok) return connected;
    made.connection = connected.value;
    desks.set(made.agentId, made);
    await settle();
    return connected;
  }

  async function ready(agent: string): Promise<TestDesk> {
    const made = desks.get(agent) ?? (await signIn(agent));
    const result = await made.command('agent.setState', { choice: { kind: 'ready' } });
    if (!result.ok) throw new Error(result.error.message);
    await settle();
    return made;
  }

  /** A customer calls the representative number and waits in the queue of orders, or is offered already. */
  async function customerCalls(number = CUSTOMER): Promise<string> {
    const channelId = switchPort.arrive(null, number, '15880000');
    await settle();
    return channelId;
  }

  /** The phone of an extension (or trunk number) answers. */
  async function answer(extension: string): Promise<string> {
    const channelId = switchPort.ringingAt(extension);
    if (channelId === undefined) throw new Error(`nothing rings at ${extension}`);
    switchPort.phoneAnswers(channelId);
    await settle();
    return channelId;
  }

  async function hangUp(channelId: string): Promise<void> {
    switchPort.phoneEnds(channelId);
    await settle();
  }

  async function card(agent: string): Promise<AgentCard> {
    const snapshot = await desk(agent).connection?.snapshot();
    const found = snapshot?.agents.find(({ agentId }) => agentId === agent);
    if (found === undefined) throw new Error(`no card of ${agent}`);
    return found;
  }

  const logged = () => kept.events.map(parseCenterEvent).filter((event) => event !== null);

  return { center, clock, switchPort, records: kept, problems, signIn, comeBack, ready, customerCalls, answer, hangUp, card, desk, logged };
}

/** A customer who talks with agent1. */
export async function talkingStage(options: StageOptions = {}) {
  const stage = await centerStage(options);
  const desk = await stage.ready('agent1');
  const customer = await stage.customerCalls();
  const agent1 = await stage.answer('1001');
  return { ...stage, desk, customer, agent1, contactId: desk.contact.contactId };
}

export type CenterStage = Awaited<ReturnType<typeof centerStage>>;

const notSignedIn = (agent: string): never => {
  throw new Error(`${agent} is not signed in`);
};

/** Representative numbers lead to the first group at once. */
const straightToOrders = () => demoConfiguration().flows.map((flow) => ({ ...flow, steps: [{ type: 'group' as const, groupId: demoConfiguration().groups[0]?.groupId ?? ('' as never) }] }));

/** What is written of customers at this stage's center. */
export function customersOf({ center }: Pick<CenterStage, 'center'>): CustomerWriting {
  if (center.customers === null) throw new Error('the center does not run');
  return center.customers;
}
