import { describe, expect, it } from 'vitest';
import { SyncLog } from '../../../center/customers/sync-log.ts';
import type { Database } from '../../../center/store/index.ts';
import type { CustomerChanges, TimelineEntry } from '../../../contract/customer.ts';

/** A page that ends at the present, with so many rows. */
const lastPage = (rows: number): CustomerChanges => ({ timeline: Array.from({ length: rows }, () => ({}) as TimelineEntry), customers: [], more: false, reset: false }) as unknown as CustomerChanges;
const log = new SyncLog({} as Database, { now: () => 0 });
const begins = (cursor: number, page: CustomerChanges): boolean => log.begins('a sign-in', { cursor } as Parameters<SyncLog['begins']>[1], page);

describe('what counts as a copy of the customers', () => {
  it.each([
    ['the first page of all', 0, lastPage(3), true],
    ['a page behind which there are more', 700, { ...lastPage(3), more: true }, true],
    ['few changes since the last question', 700, lastPage(200), false],
    ['thousands, asked for from just so far back that they fit one page', 700, lastPage(4900), true],
  ])('%s', (_what, cursor, page, isCopy) => {
    expect(begins(cursor, page)).toBe(isCopy);
  });
});
