import type { customerEndpoints } from '../../contract/api/customers.ts';
import { Customer } from '../../contract/customer.ts';
import { done, fail, ok, type Result } from '../../contract/errors.ts';
import type { ApiCaller, ApiHandlers } from '../api.ts';
import { askJob } from '../jobs/index.ts';
import type { Clock, ContactCenter } from '../ports.ts';
import { logAccess } from '../store/access-log.ts';
import { changesAfter } from '../store/changes.ts';
import { customerRecord } from '../store/customers.ts';
import { mayErase } from '../store/erasure.ts';
import type { Database } from '../store/index.ts';
import { historyScopeOf, seenIn } from '../store/scope.ts';
import { SyncLog } from './sync-log.ts';
import type { CustomerWriting } from './writing.ts';

interface Limited {
  take(key: string): Promise<Extract<Result<never>, { ok: false }> | null>;
}

export interface CustomerParts {
  db: Database;
  clock: Pick<Clock, 'now'>;
  center: Pick<ContactCenter, 'customers' | 'membersOf'>;
  /** Copies of all that there is, begun by one person. */
  copies: Limited;
  /** Reports of what one person opened: the access log is not for them to fill. */
  reports: Limited;
  /** Whose contacts' memos an agent and a supervisor may read: of their groups, or everybody's. */
  historyScope: 'groups' | 'all';
}

/** What the desks' caches fetch and report, what people write of customers, and the erasure of a person. */
export function createCustomerEndpoints({ db, clock, center, copies, reports, historyScope }: CustomerParts): { handlers: ApiHandlers<keyof typeof customerEndpoints>; close: () => Promise<void> } {
  const log = new SyncLog(db, clock);

  /** A refusal that shows whose a number is, or what a customer is now, is a look at them. */
  async function write({ agentId, address }: ApiCaller, act: (customers: CustomerWriting) => Promise<Result<Customer>>): Promise<Result<Customer>> {
    if (center.customers === null) return fail('switch.unavailable', 'the center is not running');
    const answer = await act(center.customers);
    const shown = answer.ok ? null : Customer.safeParse(answer.error.present);
    if (shown?.success === true) await logAccess(db, [{ at: clock.now(), agentId, address, kind: 'customer', customerId: shown.data.customerId, customers: 1, contacts: 0 }]);
    return answer;
  }

  return {
    close: () => log.flush(),
    handlers: {
      'customers.changes': async ({ limit, ...position }, { me, familyId, agentId, address }) => {
        const page = await db.transaction().execute(async (tx) => changesAfter(tx, position, limit, historyScopeOf(me, (groupIds) => center.membersOf(groupIds), historyScope)));
        if (log.begins(familyId, position, page)) {
          const spent = await copies.take(agentId);
          if (spent) return spent;
        }
        await log.page({ familyId, agentId }, address, position, page);
        return ok(page);
      },

      'customers.get': async ({ customerId }, { me, agentId, address }) => {
        const scope = historyScopeOf(me, (groupIds) => center.membersOf(groupIds), historyScope);
        const record = await customerRecord(db, customerId);
        if (record === null) return fail('customer.not-found', 'no such customer');
        await logAccess(db, [{ at: clock.now(), agentId, address, kind: 'customer', customerId, customers: 1, contacts: record.timeline.length }]);
        return ok({ ...record, timeline: record.timeline.map((entry) => seenIn(scope, entry)) });
      },

      'customers.create': (draft, caller) => write(caller, (customers) => customers.create(draft)),
      'customers.update': ({ customerId, version, ...draft }, caller) => write(caller, (customers) => customers.update(customerId, version, draft)),
      'customers.giveNumber': ({ customerId, number }, caller) => write(caller, (customers) => customers.giveNumber(customerId, number)),
      'customers.takeNumberBack': ({ customerId, number }, caller) => write(caller, (customers) => customers.takeNumberBack(customerId, number)),

      'customers.erase': async ({ customerId, reason }, { agentId, address }) => {
        const may = await mayErase(db, customerId, reason);
        if (!may.ok) return may;
        return askJob(db, { kind: 'customers.erase', payload: { customerId, by: agentId, address, reason }, key: customerId, askedBy: agentId, now: clock.now() }, { action: 'customers.erase', subject: customerId, address, details: {} });
      },

      'customers.reportAccess': async ({ entries }, { agentId, address }) => {
        const spent = await reports.take(agentId);
        if (spent) return spent;
        const at = (agoMs: number) => clock.now() - agoMs;
        await logAccess(
          db,
          entries.map((entry) =>
            entry.kind === 'customer'
              ? { at: at(entry.agoMs), agentId, address, kind: entry.kind, customerId: entry.customerId, customers: 1, contacts: 0 }
              : { at: at(entry.agoMs), agentId, address, kind: entry.kind, customerId: null, customers: entry.customers, contacts: 0 },
          ),
        );
        return done();
      },
    },
  };
}
