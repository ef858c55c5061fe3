import { describe, expect, it } from 'vitest';
import { CenterApi } from '../../../agent/api/index.ts';
import { ok } from '../../../contract/errors.ts';
import { CustomerId } from '../../../contract/ids.ts';

describe('ids', () => {
  it.each(['cu-0001', 'a', 'a.b', '...', '.a', 'x:1'])('%j is one', (text) => {
    expect(CustomerId.safeParse(text).success).toBe(true);
  });

  it.each(['', '.', '..', 'a/b', '%2e', 'a b', 'a\n', 'x'.repeat(65)])('failure: %j is none', (text) => {
    expect(CustomerId.safeParse(text).success).toBe(false);
  });

  it('stay in their place of an address', async () => {
    const asked: string[] = [];
    const exchange = async (path: string) => {
      asked.push(new URL(path, 'http://center').pathname);
      return ok({ status: 404, body: null });
    };
    const api = new CenterApi({ exchange }, { use: (call) => call('token') });
    for (const text of ['cu-0001', '...', 'x:1']) await api.call('customers.get', { customerId: CustomerId.parse(text) });
    expect(asked).toEqual(['cu-0001', '...', 'x:1'].map((id) => `/api/v1/customers/${encodeURIComponent(id)}`));
  });
});
