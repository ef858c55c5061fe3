import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { CTI_PATH, CtiSnapshot, SignedIn, type CtiCommandName, type CtiRequest } from '../../../contract/cti/index.ts';
import { CustomerChanges, type Customer, type TimelineEntry } from '../../../contract/customer.ts';
import type { GroupCard } from '../../../contract/directory.ts';
import { toE164 } from '../../../contract/phone-number.ts';
import type { Counters, GroupStatistics } from '../../../contract/statistics.ts';
import { until } from '../until.ts';

const ACK_TIMEOUT_MS = 5000;

/** The supervisor's own line to the center, beside any browser: what is on record, and the switches of a group. */
export class Office {
  private readonly origin: string;
  private readonly token: string;
  private readonly socket: Socket;

  private constructor(origin: string, token: string, socket: Socket) {
    this.origin = origin;
    this.token = token;
    this.socket = socket;
  }

  static async open(origin: string, account: string, password: string): Promise<Office> {
    const response = await fetch(`${origin}/api/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account, password, client: 'web' }),
    });
    if (!response.ok) throw new Error(`sign-in as ${account} answered ${response.status}: ${await response.text()}`);
    const body: unknown = await response.json();
    const { accessToken } = SignedIn.parse(unwrap(body));
    const socket = io(origin, { path: CTI_PATH, auth: { token: accessToken }, transports: ['websocket'], reconnection: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return new Office(origin, accessToken, socket);
  }

  close(): void {
    this.socket.close();
  }

  async command<Name extends CtiCommandName>(type: Name, payload: CtiRequest<Name>): Promise<unknown> {
    const answer: unknown = await this.socket.timeout(ACK_TIMEOUT_MS).emitWithAck('command', { type, key: randomUUID(), payload });
    return unwrap(answer);
  }

  async snapshot(): Promise<CtiSnapshot> {
    return CtiSnapshot.parse(await this.command('sync.snapshot', {}));
  }

  async group(name: string): Promise<GroupCard> {
    const found = (await this.snapshot()).groups.find((group) => group.name.includes(name));
    if (found === undefined) throw new Error(`no group ${name}`);
    return found;
  }

  async setOpen(group: string, open: boolean | null): Promise<void> {
    await this.command('group.setOpen', { groupId: (await this.group(group)).groupId, open });
  }

  async statistics(group: string): Promise<GroupStatistics> {
    const { groups, statistics } = await this.snapshot();
    const groupId = groups.find(({ name }) => name.includes(group))?.groupId;
    const found = statistics.find((entry) => entry.groupId === groupId);
    if (found === undefined) throw new Error(`no statistics of ${group}`);
    return found;
  }

  /** Today's counters of a group now, to compare with later. */
  async counters(group: string): Promise<Counters> {
    return (await this.statistics(group)).today;
  }

  /** Waits until today's counters of a group have grown by this since `before`. */
  async counted(group: string, before: Counters, grown: Partial<Record<keyof Counters, number>>): Promise<void> {
    let seen: Partial<Record<string, number>> = {};
    await until(`${group} counts ${JSON.stringify(grown)} more`, async () => {
      const now = await this.counters(group);
      const keys = Object.keys(grown) as (keyof Counters)[];
      seen = Object.fromEntries(keys.map((key) => [key, now[key] - before[key]]));
      return keys.every((key) => seen[key] === grown[key]);
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; counted ${JSON.stringify(seen)}`);
    });
  }

  /** The customer of a number, as the center has it. */
  async customer(number: string): Promise<Customer> {
    const e164 = toE164(number);
    const { customers } = await this.changes();
    const found = customers.find((customer) => customer.numbers.some((entry) => entry.e164 === e164));
    if (found === undefined) throw new Error(`no customer with ${number}`);
    return found;
  }

  /** Waits until the newest record of this number satisfies the check. */
  async record(number: string, check: (entry: TimelineEntry) => boolean, what: string): Promise<TimelineEntry> {
    const e164 = toE164(number) ?? number;
    let newest: TimelineEntry | undefined;
    return until(`the newest record of ${number} is ${what}`, async () => {
      const { timeline } = await this.changes();
      newest = timeline.filter((entry) => entry.number === e164).sort((a, b) => b.startedAt - a.startedAt)[0];
      return newest !== undefined && check(newest) ? newest : null;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; it is ${JSON.stringify(newest)}`);
    });
  }

  private async changes(): Promise<Pick<CustomerChanges, 'customers' | 'timeline'>> {
    const customers: Customer[] = [];
    const timeline: TimelineEntry[] = [];
    for (let cursor = 0; ; ) {
      const response = await fetch(`${this.origin}/api/customers/changes?cursor=${cursor}`, { headers: { authorization: `Bearer ${this.token}` } });
      const page = CustomerChanges.parse(unwrap(await response.json()));
      customers.push(...page.customers);
      timeline.push(...page.timeline);
      if (!page.more) return { customers, timeline };
      cursor = page.cursor;
    }
  }
}

/** The value of a `Result`, or the thing itself where an endpoint answers it bare. @throws on an error */
function unwrap(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return answer;
  if (answer.ok === true && 'value' in answer) return answer.value;
  throw new Error(`answered ${JSON.stringify(answer)}`);
}
