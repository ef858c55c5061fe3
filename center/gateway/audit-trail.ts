import type { AgentId } from '../../contract/ids.ts';
import type { Clock } from '../ports.ts';
import type { AuditQueue } from './audit-queue.ts';
import { Buckets } from './buckets.ts';
import type { Origin } from './origin.ts';

/** What happens at the door, in the audit log: without passwords, codes and tokens. */
export interface Trail {
  write(actor: AgentId | null, action: string, subject: string, from: Pick<Origin, 'address'>, details: Record<string, unknown>): Promise<void>;
  /** Who has the right password, and gets nowhere by it: nobody counts that as a wrong one, so that of one account some lines a minute are kept. */
  turnedAway(account: string, from: Pick<Origin, 'address'>, details: Record<string, unknown>): Promise<void>;
  /** A sign-in's tokens were asked for once more, as often as one likes: of one person some lines a minute are kept. */
  repeated(agentId: AgentId, from: Pick<Origin, 'address'>): Promise<void>;
  /** Somebody was turned away unseen: once a minute for each `key`, as a flood of them must not fill the log. */
  limited(key: string, subject: string, from: Pick<Origin, 'address'>): Promise<void>;
}

export function createTrail(audit: Pick<AuditQueue, 'write' | 'refused'>, clock: Pick<Clock, 'now' | 'monotonic'>): Trail {
  const limits = new Buckets({ count: 1, perS: 60 }, clock);
  const total = new Buckets({ count: 30, perS: 60 }, clock);
  const write: Trail['write'] = (actor, action, subject, { address }, details) => audit.write({ at: clock.now(), actor, action, subject, address, details });
  return {
    write,
    turnedAway: (account, { address }, details) => audit.refused(account, { at: clock.now(), actor: null, action: 'auth.refused', subject: account, address, details }),
    repeated: (agentId, { address }) => audit.refused(agentId, { at: clock.now(), actor: agentId, action: 'auth.refresh-repeated', subject: agentId, address, details: {} }),
    async limited(key, subject, from) {
      if (limits.waitMs(key) > 0 || total.waitMs('') > 0) return;
      limits.take(key);
      total.take('');
      await write(null, 'auth.rate-limited', subject, from, {});
    },
  };
}
