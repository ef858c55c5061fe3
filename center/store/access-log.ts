import type { AgentId, CustomerId } from '../../contract/ids.ts';
import type { Writer } from './tables.ts';

/** That somebody saw personal data beyond the call they were on: who, when, from where, whose or how much. */
export interface Access {
  at: number;
  agentId: AgentId;
  /** Network address. */
  address: string;
  /** `sync`: a copy for a desk's cache; the others: what a person opened there. */
  kind: 'sync' | 'customer' | 'search' | 'history';
  /** Whose; null where it was many people's. */
  customerId: CustomerId | null;
  /** How many cards and how many lines of histories. */
  customers: number;
  contacts: number;
}

export async function logAccess(db: Writer, accesses: readonly Access[]): Promise<void> {
  if (accesses.length === 0) return;
  const rows = accesses.map(({ agentId, customerId, at, ...rest }) => ({ ...rest, at: Math.round(at), agent_id: agentId, customer_id: customerId }));
  await db.insertInto('access_log').values(rows).execute();
}
