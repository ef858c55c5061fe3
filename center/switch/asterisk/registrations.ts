import { done, fail, type Disposer, type Result } from '../../../contract/errors.ts';
import type { Clock } from '../../ports.ts';
import type { EndpointRecord } from '../port.ts';
import type { ClusterNode } from './cluster-member.ts';

/** A node that hangs holds nobody up for longer, where another has answered. */
const OTHERS_DEADLINE_MS = 1000;

interface Parts<Member> {
  members: readonly Member[];
  clock: Clock;
  onChanged: (user: string, registered: boolean) => void;
  /** A node that hung knows a phone by now, which it may have refused before. */
  onCaughtUp: () => void;
}

/** Phones' accounts, the same at every node, and which of them are registered at any. */
export class Registrations<Member extends { readonly node: ClusterNode }> {
  private readonly parts: Parts<Member>;
  private readonly records = new Map<string, EndpointRecord>();
  /** What each node has taken, so that one that comes back is the only one to be told again. */
  private readonly given: ReadonlyMap<Member, Map<string, EndpointRecord>>;
  private readonly registered = new Set<string>();

  constructor(parts: Parts<Member>) {
    this.parts = parts;
    this.given = new Map(parts.members.map((member) => [member, new Map()]));
  }

  isRegistered(user: string): boolean {
    return this.parts.members.some(({ node }) => node.isRegistered(user));
  }

  /** Answers well when any node has the account; the others get it when they are back. */
  async put(record: EndpointRecord): Promise<Result<null>> {
    this.records.set(record.user, record);
    const { promise: late, resolve } = Promise.withResolvers<null>();
    let cancel: Disposer | null = null;
    const puts = this.parts.members.map(async (member) => {
      // One that is away takes it at once, and has it when it is back.
      const { available } = member.node;
      const put = await this.putAt(member, record);
      if (put.ok && available) cancel ??= this.parts.clock.setTimeout(() => resolve(null), OTHERS_DEADLINE_MS);
      return put;
    });
    const all = Promise.all(puts).finally(() => cancel?.());
    const results = await Promise.race([all, late]);
    if (results === null) {
      void all.then((settled) => {
        if (settled.every(({ ok }) => ok)) this.parts.onCaughtUp();
      });
      return done();
    }
    return results.find(({ ok }) => ok) ?? results[0] ?? fail('switch.unavailable', 'there is no Asterisk');
  }

  async remove(user: string): Promise<Result<null>> {
    this.records.delete(user);
    for (const taken of this.given.values()) taken.delete(user);
    const results = await Promise.all(this.parts.members.map(({ node }) => node.removeEndpoint(user)));
    this.tell(user);
    return results.find((result) => !result.ok) ?? done();
  }

  /** One node tells of a phone. Elsewhere registered already, it is told again: it can be rung for more calls now. */
  changed(user: string, registered: boolean): void {
    if (!this.tell(user) && registered && this.registered.has(user)) this.parts.onChanged(user, true);
  }

  /** A node is back: who is registered there counts again. */
  refresh(): void {
    for (const user of this.records.keys()) this.tell(user);
  }

  lost(member: Member): void {
    this.given.get(member)?.clear();
    this.refresh();
  }

  private async putAt(member: Member, record: EndpointRecord): Promise<Result<null>> {
    const taken = this.given.get(member);
    const former = taken?.get(record.user);
    if (former !== undefined && isSame(former, record)) return done();
    // Only what it takes while it can be reached has arrived.
    const { available } = member.node;
    const put = await member.node.putEndpoint(record);
    if (put.ok && available && member.node.available && this.records.get(record.user) === record) taken?.set(record.user, record);
    return put;
  }

  private tell(user: string): boolean {
    const now = this.isRegistered(user);
    if (now === this.registered.has(user)) return false;
    if (now) this.registered.add(user);
    else this.registered.delete(user);
    this.parts.onChanged(user, now);
    return true;
  }
}

const isSame = (a: EndpointRecord, b: EndpointRecord): boolean => a.user === b.user && a.password === b.password && a.displayName === b.displayName && a.callerNumber === b.callerNumber;
