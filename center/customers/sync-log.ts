import type { CustomerChanges } from '../../contract/customer.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { Clock } from '../ports.ts';
import { logAccess } from '../store/access-log.ts';
import { countAfter, type CachePosition } from '../store/changes.ts';
import type { Database } from '../store/index.ts';

/** Changes that a desk fetches one by one are one line in this time. */
const LINE_EVERY_MS = 3600_000;
/** More rows than change between two questions of a desk that follows: whoever asks for them copies. */
const MOST_CHANGES = 500;
/** Sign-ins whose lines are being counted; the oldest are written down when there are more. */
const MOST_OPEN = 2000;

interface Desk {
  agentId: AgentId;
  address: string;
  /** Where the next page of a copy that has been written down begins; null: none is under way. */
  next: number | null;
  since: number;
  customers: number;
  contacts: number;
}

/**
 * Whose desk copies how much of the customers. A copy of many is one line, written before its first page is sent; the
 * changes that follow are counted together.
 */
export class SyncLog {
  private readonly db: Database;
  private readonly clock: Pick<Clock, 'now'>;
  private readonly desks = new Map<string, Desk>();

  constructor(db: Database, clock: Pick<Clock, 'now'>) {
    this.db = db;
    this.clock = clock;
  }

  /** Whether this page would begin a copy, and does not continue one. */
  begins(familyId: string, { cursor }: CachePosition, page: CustomerChanges): boolean {
    const isFurther = this.desks.get(familyId)?.next === cursor && !page.reset;
    return !isFurther && (page.more || page.reset || cursor === 0 || page.customers.length + page.timeline.length > MOST_CHANGES);
  }

  /** A page is about to be sent. */
  async page({ familyId, agentId }: { familyId: string; agentId: AgentId }, address: string, position: CachePosition, page: CustomerChanges): Promise<void> {
    const now = this.clock.now();
    const known = this.desks.get(familyId);
    const desk = known ?? { agentId, address, next: null, since: now, customers: 0, contacts: 0 };
    const isCopy = this.begins(familyId, position, page);
    if (isCopy) await logAccess(this.db, [{ at: now, agentId, address, kind: 'sync', customerId: null, ...(await countAfter(this.db, page.reset ? 0 : position.cursor)) }]);
    else if (desk.next !== position.cursor) {
      desk.customers += page.customers.length;
      desk.contacts += page.timeline.length;
    }
    desk.next = page.more ? page.cursor : null;
    this.desks.set(familyId, desk);
    if (now - desk.since >= LINE_EVERY_MS) await this.close(familyId, desk);
    const [oldest] = this.desks;
    if (oldest !== undefined && this.desks.size > MOST_OPEN) await this.close(...oldest);
  }

  /** Writes down what has been counted and is not yet. */
  async flush(): Promise<void> {
    for (const [familyId, desk] of this.desks) await this.close(familyId, desk);
  }

  private async close(familyId: string, { agentId, address, customers, contacts, next }: Desk): Promise<void> {
    if (next === null) this.desks.delete(familyId);
    else this.desks.set(familyId, { agentId, address, next, since: this.clock.now(), customers: 0, contacts: 0 });
    if (customers + contacts > 0) await logAccess(this.db, [{ at: this.clock.now(), agentId, address, kind: 'sync', customerId: null, customers, contacts }]);
  }
}
