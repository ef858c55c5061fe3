import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { searchContacts } from '../../../center/store/contact-search.ts';
import { EVERYTHING } from '../../../center/store/scope.ts';
import { endpoints, type ApiRequest } from '../../../contract/api/index.ts';
import { AgentId, ContactId, GroupId } from '../../../contract/ids.ts';
import { temporaryStore } from './support.ts';

describe('the contacts that are over, in a file', () => {
  it('are walked by an index in its order, whatever is asked for: nothing is sorted, nothing scanned', async () => {
    const store = await temporaryStore();
    const [me, orders] = [AgentId.parse('a1'), GroupId.parse('orders')];
    const queries: ApiRequest<'contacts.search'>[] = [{}, { agentId: me }, { groupId: orders }, { missed: true }, { dispositionMissing: true }, { agentId: me, groupId: orders, text: 'x' }, { from: 1, to: 9, before: { startedAt: 5, contactId: ContactId.parse('x') } }];
    const asked: string[] = [];
    const spied = store.db.withPlugin({
      transformQuery: ({ node }) => {
        asked.push(store.db.getExecutor().compileQuery(node, {} as never).sql);
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    });
    for (const query of queries) {
      asked.length = 0;
      await searchContacts(spied, endpoints['contacts.search'].request.parse(query), EVERYTHING);
      const { rows } = await sql.raw<{ detail: string }>(`EXPLAIN QUERY PLAN ${(asked[0] ?? '').replaceAll('?', '1')}`).execute(store.db);
      const steps = rows.map(({ detail }) => detail);
      expect([query, steps.filter((step) => step.startsWith('SCAN contact') && !/INDEX contacts_(?:by_time|missed|without_disposition)/.test(step))]).toEqual([query, []]);
      expect([query, steps.filter((step) => /TEMP B-TREE FOR DISTINCT|AUTOMATIC/.test(step))]).toEqual([query, []]);
    }
  });
});
