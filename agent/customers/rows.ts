import { TimelineEntry, type Customer } from '../../contract/customer.ts';
import type { CustomerId } from '../../contract/ids.ts';

/** A row of `customers`, as every statement here selects it. The cache wrote it from parsed data and sealed it. */
export interface CustomerRow {
  customer_id: string;
  name: string;
  company: string;
  numbers: string;
  vip: number;
  warning: string;
  note: string;
  updated_at: number;
  version: string;
}

export const CUSTOMER_COLUMNS = 'c.customer_id, c.name, c.company, c.numbers, c.vip, c.warning, c.note, c.updated_at, c.version';

/**
 * The customer of a row. Rows are authenticated by the cipher and were parsed when written, so they are not parsed
 * again: this runs between a ringing call and its screen pop.
 */
export const customerOfRow = (row: CustomerRow): Customer => ({
  customerId: row.customer_id as CustomerId,
  name: row.name,
  company: row.company,
  numbers: JSON.parse(row.numbers) as Customer['numbers'],
  vip: row.vip === 1,
  warning: row.warning,
  note: row.note,
  updatedAt: row.updated_at,
  version: row.version,
});

/** History lines are read by the dozen, not by the million: parsed. A line that is none is left out. */
export const timelineOfRows = (rows: readonly { entry: string }[]): TimelineEntry[] =>
  rows.flatMap(({ entry }) => {
    const parsed = TimelineEntry.safeParse(JSON.parse(entry));
    return parsed.success ? [parsed.data] : [];
  });
