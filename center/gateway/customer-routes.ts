import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AccessReport, EraseRequest } from '../../contract/customer.ts';
import { done, fail, ok, type Result } from '../../contract/errors.ts';
import { CustomerId } from '../../contract/ids.ts';
import type { Clock, ContactCenter } from '../ports.ts';
import { logAccess } from '../store/access-log.ts';
import { appendAudit } from '../store/audit-log.ts';
import { changesAfter } from '../store/changes.ts';
import { eraseCustomer, type Erased } from '../store/erasure.ts';
import type { Database } from '../store/index.ts';
import { historyScopeOf } from '../store/scope.ts';
import { callerOf, type Authenticate, type Caller } from './authentication.ts';
import { answer } from './http-answer.ts';
import type { Limiter } from './limits.ts';
import { SyncLog } from './sync-log.ts';

const MAX_PAGE = 5000;

const Whole = z.string().regex(/^\d{1,15}$/).transform(Number);

const ChangesQuery = z.strictObject({
  cursor: Whole.default(0),
  mark: z.string().max(80).nullable().default(null),
  limit: Whole.pipe(z.number().min(1).max(MAX_PAGE)).default(1000),
});

export interface CustomerRoutesOptions {
  db: Database;
  clock: Pick<Clock, 'now'>;
  center: Pick<ContactCenter, 'customersChanged'>;
  authenticate: Authenticate;
  /** Network address of the person's browser or desktop. */
  addressOf: (request: IncomingMessage) => string;
  requests: Limiter;
  /** Copies of all that there is, begun by one person. */
  copies: Limiter;
  /** Whose contacts' memos an agent and a supervisor may read: of their groups, or everybody's. */
  historyScope: 'groups' | 'all';
}

/** What the desks' caches fetch, what they report, and the erasure of a person. Each answers a `Result`. */
export function addCustomerRoutes(app: FastifyInstance, options: CustomerRoutesOptions): { flush: () => Promise<void> } {
  const { db, clock, copies, historyScope, addressOf } = options;
  const log = new SyncLog(db, clock);

  /** `GET /api/customers/changes?cursor&mark&limit`: a page of `CustomerChanges`. */
  app.get('/api/customers/changes', (request, reply) =>
    withCaller(options, request, async (caller) => {
      const query = ChangesQuery.safeParse(request.query);
      if (!query.success) return fail('input.invalid', `cursor is a whole number, limit one of 1 to ${MAX_PAGE}`);
      const { limit, ...position } = query.data;
      const page = await db.transaction().execute(async (tx) => changesAfter(tx, position, limit, await historyScopeOf(tx, caller.me, historyScope)));
      if (log.begins(caller.familyId, position, page)) {
        const spent = await copies.take(caller.agentId);
        if (spent) return spent;
      }
      await log.page(caller, addressOf(request.raw), position, page);
      return ok(page);
    }).then((result) => answer(reply, result)),
  );

  /** `POST /api/customers/access`: what a person opened at their desk beyond the call they were on. */
  app.post('/api/customers/access', (request, reply) =>
    withCaller(options, request, async ({ agentId }) => {
      const report = AccessReport.safeParse(request.body);
      if (!report.success) return fail('input.invalid', 'entries are 1 to 200, each with its kind');
      const at = (agoMs: number) => clock.now() - agoMs;
      const address = addressOf(request.raw);
      await logAccess(
        db,
        report.data.entries.map((entry) =>
          entry.kind === 'customer'
            ? { at: at(entry.agoMs), agentId, address, kind: entry.kind, customerId: entry.customerId, customers: 1, contacts: 0 }
            : { at: at(entry.agoMs), agentId, address, kind: entry.kind, customerId: null, customers: entry.customers, contacts: entry.contacts },
        ),
      );
      return done();
    }).then((result) => answer(reply, result)),
  );

  /** `POST /api/customers/CUSTOMER/erase`, with a reason: an administrator erases a person. */
  app.post<{ Params: { customerId: string } }>('/api/customers/:customerId/erase', (request, reply) =>
    withCaller(options, request, (caller) => erase(options, request, request.params.customerId, caller)).then((result) => answer(reply, result)),
  );

  return { flush: () => log.flush() };
}

async function withCaller<Value>({ authenticate, requests }: CustomerRoutesOptions, { headers }: FastifyRequest, act: (caller: Caller) => Promise<Result<Value>>): Promise<Result<Value>> {
  const caller = await callerOf(authenticate, headers);
  if (!caller.ok) return caller;
  return (await requests.take(caller.value.agentId)) ?? act(caller.value);
}

async function erase({ db, clock, center, addressOf }: CustomerRoutesOptions, request: FastifyRequest, id: string, { agentId, me }: Caller): Promise<Result<Erased>> {
  const customerId = CustomerId.safeParse(id);
  // Who may not is told so, and no more of what this takes.
  if (me.role !== 'admin') {
    await appendAudit(db, { at: clock.now(), actor: agentId, action: 'customer.erase', subject: customerId.data ?? '', address: addressOf(request.raw), details: { outcome: 'forbidden' } });
    return fail('forbidden', 'erasing a customer is an administrator’s');
  }
  const body = EraseRequest.safeParse(request.body);
  if (!customerId.success || !body.success) return fail('input.invalid', 'a customer, and a reason of 3 to 500 characters');
  const erased = await eraseCustomer(db, { customerId: customerId.data, by: agentId, address: addressOf(request.raw), reason: body.data.reason, now: clock.now() });
  if (erased.ok) await center.customersChanged([customerId.data]);
  return erased;
}
