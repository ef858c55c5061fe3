import type { AgentState } from '../contract/agent-state.ts';
import type { ApiAsked } from '../contract/api/index.ts';
import type { ConfigurationChange, ConfigurationObject } from '../contract/configuration.ts';
import type { CtiCommandName, CtiEvent, CtiRequest, CtiResponse, CtiSnapshot, Rejoin, TopicMessage } from '../contract/cti/index.ts';
import type { ContactKind, ContactOutcome, Customer, CustomerDraft, TimelineEntry } from '../contract/customer.ts';
import type { WallView } from '../contract/credentials.ts';
import type { Me } from '../contract/directory.ts';
import type { Disposer, Result } from '../contract/errors.ts';
import type { AgentId, ContactId, CustomerId, GroupId } from '../contract/ids.ts';
import type { ConfigurationWriting } from './configuration/writing.ts';
import type { CustomerWriting } from './customers/writing.ts';
import type { TopicReader } from './topics/index.ts';
import type { SavedContact } from './calls/saved-contact.ts';
import type { StoreHealth } from '../contract/store-health.ts';
import type { Configuration } from './configuration/records.ts';
import type { NewInvitation } from './store/invitations.ts';
import type { DialBlock, DialSubject } from './dialling/rules.ts';
import type { Hours } from './reports/counters.ts';
import type { Carried } from './reports/fold.ts';

/*
 * The seams inside the center. The core (agents, acd, flows, calls, reports) asks for `Records` and a
 * SwitchPort and offers `ContactCenter`; the store implements the one, the gateway calls the other.
 */

/** One line of the append-only event log. `data` is JSON; its shape per `type` is in center/events.ts. */
export interface LoggedEvent {
  contactId: ContactId | null;
  agentId: AgentId | null;
  groupId: GroupId | null;
  at: number;
  type: string;
  data: Record<string, unknown>;
}

/** A contact that was under way, as it was last kept. */
export interface LiveContact {
  contactId: ContactId;
  saved: SavedContact;
}

/** A contact that lacks its end in the log (`ended` is null then) or its line in the history. */
export interface UnfinishedContact {
  contactId: ContactId;
  startedAt: number;
  kind: ContactKind;
  ended: { at: number; outcome: ContactOutcome; talkMs: number; agentId: AgentId | null; groupId: GroupId | null } | null;
}

/** What the center that ran before has left. */
export interface FormerRecords {
  /** When it wrote its last line; null for never. */
  lastSignAt: number | null;
  /** Where agents were last. */
  agents: { agentId: AgentId; state: AgentState }[];
  /** In the order they began. */
  unfinished: UnfinishedContact[];
  /** What was kept of contacts that have no line in the history yet, the oldest first. */
  live: LiveContact[];
  /** Lines of dialling, oldest first. */
  dialling: LoggedEvent[];
}

/** What of the log has been counted. Lines are numbered in the order they were written. */
export interface Counted {
  hours: Hours;
  carried: Carried;
  /** The last line that is counted in them. */
  upTo: number;
  /** The last line there is. */
  last: number;
}

/** Something that the store refuses for what it says. */
export interface SetAside {
  what: string;
  contactId: ContactId | null;
  content: unknown;
  why: string;
}

/**
 * A write came to nothing. `unwritable`: nothing can be written now, so it is worth trying again; `refused`: this is
 * never written as it is.
 */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
  readonly why: 'unwritable' | 'refused';

  constructor(why: NotWritten['why'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.why = why;
  }
}

/** Whether what is written is kept, now and from now on. */
export interface RecordsHealth {
  readonly current: StoreHealth;
  onChange(listener: (health: StoreHealth) => void): Disposer;
  /** The center ends: what has waited to be written may take the last of the room. */
  releaseLast(): void;
}

/** What an agent typed about a contact, and what comes when that is over and out of mind. What is undefined stays. */
export interface LateWords {
  contactId: ContactId;
  memo: string | undefined;
  /** The memo as their desk last knew it. */
  base: string | undefined;
  /** By name; empty for none. */
  disposition: string | undefined;
  customerId: CustomerId | null | undefined;
}

/** What somebody puts right in the history. */
export interface Correction {
  contactId: ContactId;
  /** Which one they saw; null: what there is. */
  version: string | null;
  memo: string | undefined;
  disposition: string | undefined;
  by: AgentId;
  byName: string;
  at: number;
}

/** Who changes what is set up. */
export interface ConfigurationWriter {
  by: AgentId | null;
  /** Network address, or empty for the center itself. */
  address: string;
  at: number;
  /** How new people get in: written with them, or not at all. Whoever is not among them has no way in yet. */
  admissions?: readonly Admission[];
}

/** A new person's way in: a password that is known already, or an invitation, each by its digest. */
export type Admission = { agentId: AgentId } & ({ kind: 'password'; passwordHash: string } | { kind: 'invitation'; invitation: NewInvitation });

/** What the core needs kept. Every write is durable when its promise resolves. @throws NotWritten where it is not */
export interface Records {
  readonly health: RecordsHealth;
  configuration(): Promise<Configuration>;
  /** Whose calls were stopped by an alarm, until it is lifted. */
  putDialBlock(block: DialBlock): Promise<void>;
  removeDialBlock(subject: DialSubject, id: string): Promise<void>;
  /** All of them or none. `configuration.conflict` with the present objects. */
  changeConfiguration(changes: readonly ConfigurationChange[], writer: ConfigurationWriter): Promise<Result<ConfigurationObject[]>>;
  /** People who are set up no more are forgotten, with their accounts, factors and sign-ins; but for those who are kept. */
  forgetRemovedPeople(isKept: (agentId: string) => boolean): Promise<void>;
  setGroupOpen(groupId: GroupId, open: boolean | null): Promise<void>;
  setDispositionRequired(groupId: GroupId, required: boolean): Promise<void>;

  /** Several events of one moment are one transaction. A `contact.saved` replaces the one before, beside the log. */
  append(events: readonly LoggedEvent[]): Promise<void>;
  /** What the center before this one has left; of agents and of dialling what is not older than these moments. */
  formerRun(since: { agentsSince: number; diallingSince: number }): Promise<FormerRecords>;
  /** From where today is counted on: hours since `fromMs`; lines since `margin` where that is all there is. */
  countedSince(timeZone: string, fromMs: number, margin: number): Promise<Counted>;
  /** The lines that count, of those numbered above `after` up to `to`, in their order. */
  countedLines(after: number, to: number): Promise<LoggedEvent[]>;
  /** What was counted in hours that began at or after `fromMs` and before `toMs`. */
  countedHours(timeZone: string, fromMs: number, toMs: number): Promise<Hours>;

  customerByNumber(e164: string): Promise<Customer | null>;
  customer(customerId: CustomerId): Promise<Customer | null>;
  createCustomer(draft: CustomerDraft): Promise<Result<Customer>>;
  /** `customer.conflict` with the present customer, when that is another version than `version` and says something else than `draft`. */
  updateCustomer(customerId: CustomerId, version: string, draft: CustomerDraft): Promise<Result<Customer>>;
  /** Numbers that were given to this customer from a call, and may still be taken back. */
  givenNumbers(customerId: CustomerId): Promise<string[]>;
  /** `customer.number-taken` with whose it is, `customer.numbers-full`, `customer.not-found`. */
  giveNumber(customerId: CustomerId, e164: string): Promise<Result<Customer>>;
  /** `not-found` for a number that was not given, or long ago. */
  takeNumberBack(customerId: CustomerId, e164: string): Promise<Result<Customer>>;
  /** Those of the contacts that have a line in the history. */
  contactsOnRecord(contactIds: readonly ContactId[]): Promise<ReadonlySet<ContactId>>;
  /** Inserts or replaces contacts' lines in the history: all of them, or none. */
  putTimelineEntries(entries: readonly TimelineEntry[]): Promise<void>;
  /** A contact's line in the history; null for none, and for one that is nobody's any more. */
  timelineEntry(contactId: ContactId): Promise<TimelineEntry | null>;
  /** @returns the line as it is then; null for none */
  writeLate(late: LateWords): Promise<TimelineEntry | null>;
  /** `contact.conflict` with the present line, `contact.not-found`. Audited. */
  correctEntry(correction: Correction): Promise<Result<TimelineEntry>>;
  /** Keeps what was refused where somebody can look at it. */
  setAside(what: SetAside): Promise<void>;
  /** Cursor after the last change to customers or histories. */
  customersCursor(): Promise<number>;
}

export interface Clock {
  /** Wall clock, epoch milliseconds: for what people read. */
  now(): number;
  /** Monotonic milliseconds: for durations and deadlines. */
  monotonic(): number;
  setTimeout(run: () => void, delayMs: number): Disposer;
}

/** One desk's end of the line, as the gateway gives it to the core. */
export interface DeskSink {
  send(event: CtiEvent): void;
  /**
   * What is looked at here, beside the events. The same message goes to many: it is not to be changed.
   * @returns false where too much waits for this reader: it was not sent, and `topics.caughtUp()` says when more may be
   */
  topic(message: TopicMessage): boolean;
  /** The agent has signed out, by whomever's wish: nothing more will be sent or heard. */
  signedOut(): void;
}

/** What the core offers to one connected desk. */
export interface DeskConnection {
  /** Without `seq`: the gateway numbers events. */
  snapshot(): Promise<Omit<CtiSnapshot, 'seq'>>;
  command<Name extends CtiCommandName>(name: Name, request: CtiRequest<Name>): Promise<Result<CtiResponse<Name>>>;
  /** What this line looks at. */
  readonly topics: TopicReader;
  /** The socket is gone: no new offers, the grace time starts. */
  disconnected(): void;
}

export interface ContactCenter {
  /** Changes of what is set up; null while the center is not running. */
  readonly configuration: ConfigurationWriting | null;
  /** Who is in one of these groups. */
  membersOf(groupIds: readonly GroupId[]): Set<AgentId>;
  start(): Promise<void>;
  /**
   * Calls that the switch keeps go on, for the next center to take up. Where they end with this process, `drainMs` lets
   * them come to their own end for so long; no new ones are taken, and desks are told.
   */
  stop(drainMs?: number): Promise<void>;
  readonly switchAvailable: boolean;
  /** How many contacts are under way, in after-call work included. */
  readonly contactCount: number;
  /** Who a person is at a sign-in of this kind; null for nobody, and for a desk of who has none. */
  me(agentId: AgentId, kind: 'desk' | 'console'): Me | null;
  /** Whether a sign-in of this person gets a desk. */
  hasDesk(agentId: AgentId): boolean;
  /**
   * A person signed in with the right password. Answers `auth.busy-elsewhere` while another desk of theirs
   * is on a call; else the older desk is told `session.replaced`, and a fresh phone account is made.
   */
  signIn(agentId: AgentId, client: 'desktop' | 'web'): Promise<Result<{ sipUser: string; sipPassword: string; rejoin: Rejoin; generation: number }>>;
  signOut(agentId: AgentId): Promise<Result<null>>;
  /**
   * Signs an agent out whatever they wish. Their customer is not cut off: with a call at hand it comes true when that is
   * over (`after-call`).
   */
  endSignIn(agentId: AgentId): 'ended' | 'after-call';
  /** A CTI socket of the sign-in `generation`; `auth.replaced` when a newer one exists. */
  connect(agentId: AgentId, generation: number, sink: DeskSink): Result<DeskConnection>;
  /** A CTI socket of a sign-in without a telephone, beside all others of the same person. */
  connectConsole(agentId: AgentId, sink: DeskSink): Result<DeskConnection>;
  /** What a display of these groups shows now; null while the center does not run. */
  wall(groupIds: readonly GroupId[]): Omit<WallView, 'name'> | null;
  /** Null while the center does not run. */
  readonly customers: CustomerWriting | null;
  /** Puts right what the history says of a contact; `forbidden` for whoever may not, `contact.conflict` with the present line. */
  correctContact(agentId: AgentId, correction: ApiAsked<'contacts.correct'>): Promise<Result<TimelineEntry>>;
  /** Customers were changed past the core, as by an erasure: desks are told. */
  customersChanged(customerIds: CustomerId[]): Promise<void>;
}
