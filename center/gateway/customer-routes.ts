import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fail, ok } from '../../contract/errors.ts';
import { changesAfter } from '../store/changes.ts';
import type { Database } from '../store/index.ts';
import { callerOf, type Authenticate } from './authentication.ts';
import { answer } from './http-answer.ts';
import type { Limiter } from './limits.ts';

const MAX_PAGE = 5000;

const Whole = z.string().regex(/^\d{1,15}$/).transform(Number);

const ChangesQuery = z.strictObject({
  cursor: Whole.default(0),
  mark: z.string().max(80).nullable().default(null),
  limit: Whole.pipe(z.number().min(1).max(MAX_PAGE)).default(1000),
});

/** `GET /api/customers/changes?cursor&mark&limit`: a page of `CustomerChanges`, for the desks' caches. */
export function addCustomerRoutes(app: FastifyInstance, options: { db: Database; authenticate: Authenticate; requests: Limiter }): void {
  const { db, authenticate, requests } = options;

  app.get('/api/customers/changes', async (request, reply) => {
    const caller = await callerOf(authenticate, request.headers);
    if (!caller.ok) return answer(reply, caller);
    const spent = await requests.take(caller.value.agentId);
    if (spent) return answer(reply, spent);
    const query = ChangesQuery.safeParse(request.query);
    if (!query.success) return answer(reply, fail('input.invalid', `cursor is a whole number, limit one of 1 to ${MAX_PAGE}`));
    const { limit, ...position } = query.data;
    return answer(reply, ok(await db.transaction().execute((tx) => changesAfter(tx, position, limit))));
  });
}
