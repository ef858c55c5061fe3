import type { CtiCommandName, CtiEvent, CtiRequest, CtiSnapshot } from '../../../contract/cti/index.ts';
import type { Customer, TimelineEntry } from '../../../contract/customer.ts';
import { must } from '../must.ts';
import type { AgentCard, GroupCard } from '../../../contract/directory.ts';
import { toE164 } from '../../../contract/phone-number.ts';
import type { Counters, DirectCalls, GroupStatistics } from '../../../contract/statistics.ts';
import { CtiLine } from '../cti-line.ts';
import type { TopicWatch } from '../topic-watch.ts';
import { until } from '../until.ts';

/** The supervisor's own line to the center, beside any browser: what is on record, and the switches of a group. */
export class Office {
  private readonly line: CtiLine;
  private readonly agents: TopicWatch<'directory'>;
  private readonly groups = new Map<string, GroupCard>();
  private readonly figures: TopicWatch<'figures'>;
  private readonly direct: TopicWatch<'directCalls'>;
  private readonly customers = new Map<string, Customer>();
  private readonly timeline = new Map<string, TimelineEntry>();
  private cursor = 0;
  private mark: string | null = null;
  private fetching: Promise<void> = Promise.resolve();

  private constructor(line: CtiLine, [agents, figures, direct]: readonly [TopicWatch<'directory'>, TopicWatch<'figures'>, TopicWatch<'directCalls'>]) {
    this.line = line;
    [this.agents, this.figures, this.direct] = [agents, figures, direct];
    line.onEvent((event) => this.hear(event));
  }

  static async open(origin: string, account: string, password: string): Promise<Office> {
    const line = await CtiLine.open(origin, account, password);
    const office = new Office(line, await Promise.all([line.look('directory'), line.look('figures'), line.look('directCalls')]));
    office.take(await office.line.snapshot());
    await office.fetchChanges();
    return office;
  }

  close(): void {
    this.line.close();
  }

  /** All customers and their histories, as far as they have been fetched. */
  get everything(): { customers: ReadonlyMap<string, Customer>; timeline: ReadonlyMap<string, TimelineEntry> } {
    return { customers: this.customers, timeline: this.timeline };
  }

  /** The center's API, with this person's rights. */
  get api(): CtiLine['api'] {
    return this.line.api;
  }

  command<Name extends CtiCommandName>(type: Name, payload: CtiRequest<Name>): Promise<unknown> {
    return this.line.command(type, payload);
  }

  async setOpen(group: string, open: boolean | null): Promise<void> {
    await this.command('group.setOpen', { groupId: this.group(group).groupId, open });
  }

  /** Whether callers of a group are let in now. */
  isOpen(group: string): boolean {
    return this.group(group).open;
  }

  /** What somebody has set by hand. */
  openOverride(group: string): boolean | null {
    return this.group(group).openOverride;
  }

  agent(extension: string): AgentCard {
    const found = this.agents.values.find((card) => card.extension === extension);
    if (found === undefined) throw new Error(`no agent at ${extension}`);
    return found;
  }

  /** Waits until an agent is in this state, as the center tells supervisors. */
  async agentIs(extension: string, state: AgentCard['state']['name']): Promise<AgentCard> {
    return until(`${extension} is ${state}`, () => (this.agent(extension).state.name === state ? this.agent(extension) : null), 20_000, 5);
  }

  statistics(group: string): GroupStatistics {
    const found = this.figures.entries.get(this.group(group).groupId);
    if (found === undefined) throw new Error(`no statistics of ${group}`);
    return found;
  }

  /** Today's counters of a group now, to compare with later. */
  counters(group: string): Counters {
    return this.statistics(group).today;
  }

  /** Today's calls that belong to no group. */
  get directCalls(): DirectCalls {
    const [today] = this.direct.values;
    if (today === undefined) throw new Error('the center counts no direct calls for this person');
    return today;
  }

  /** Waits until today's counters of a group have grown by just this since `before`. */
  async counted(group: string, before: Counters, grown: Partial<Record<keyof Counters, number>>): Promise<void> {
    const keys = Object.keys(grown) as (keyof Counters)[];
    const growth = () => Object.fromEntries(keys.map((key) => [key, this.counters(group)[key] - before[key]]));
    await until(`${group} counts ${JSON.stringify(grown)} more`, () => keys.every((key) => growth()[key] === grown[key])).catch((error: unknown) => {
      throw new Error(`${String(error)}; counted ${JSON.stringify(growth())}`);
    });
  }

  /** Waits for the customer of a number, as the center has it. */
  async customer(number: string): Promise<Customer> {
    const e164 = toE164(number);
    return until(`a customer with ${number}`, () => [...this.customers.values()].find(({ numbers }) => numbers.some((entry) => entry.e164 === e164)));
  }

  /** Waits until the newest record of this number satisfies the check. */
  async record(number: string, check: (entry: TimelineEntry) => boolean, what: string): Promise<TimelineEntry> {
    const e164 = toE164(number) ?? number;
    const newest = () => [...this.timeline.values()].filter((entry) => entry.number === e164).reduce<TimelineEntry | null>((latest, entry) => (latest === null || entry.startedAt > latest.startedAt ? entry : latest), null);
    return until(`the newest record of ${number} is ${what}`, () => {
      const entry = newest();
      return entry !== null && check(entry) ? entry : null;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; it is ${JSON.stringify(newest())}`);
    });
  }

  private group(name: string): GroupCard {
    const found = [...this.groups.values()].find((group) => group.name === name);
    if (found === undefined) throw new Error(`no group ${name}`);
    return found;
  }

  private take({ groups }: CtiSnapshot): void {
    for (const card of groups) this.groups.set(card.groupId, card);
  }

  private hear(event: CtiEvent): void {
    if (event.type === 'directory.changed') for (const card of event.payload.groups) this.groups.set(card.groupId, card);
    if (event.type === 'customers.changed') this.fetching = this.fetching.then(() => this.fetchChanges());
  }

  /** What changed since last time, as a desk's cache does it. */
  private async fetchChanges(): Promise<void> {
    for (let more = true; more; ) {
      const page = must(await this.line.api.call('customers.changes', { cursor: this.cursor, mark: this.mark, limit: 5000 }));
      for (const customer of page.customers) this.customers.set(customer.customerId, customer);
      for (const entry of page.timeline) this.timeline.set(entry.contactId, entry);
      this.cursor = page.cursor;
      this.mark = page.mark;
      ({ more } = page);
    }
  }
}
