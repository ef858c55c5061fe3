import { z } from 'zod';
import { ConfigurationId, configurationKinds, deskKinds } from '../contract/configuration.ts';
import type { DeskSetUp } from '../contract/desk-set-up.ts';

/**
 * What a center says of the set-up, as far as this desk understands it: a newer center may have kinds that it has never heard
 * of, and records that say more than it can read. Those are left out, and the others are gone by.
 */
export function readSetUp(told: unknown): DeskSetUp {
  const lists = z.record(z.string(), z.unknown()).safeParse(told).data ?? {};
  return Object.fromEntries(
    deskKinds.flatMap((kind) => {
      const records = z.array(z.unknown()).safeParse(lists[kind]);
      const record = z.object({ id: ConfigurationId, value: configurationKinds[kind], removed: z.boolean() });
      return records.success ? [[kind, records.data.flatMap((one) => record.safeParse(one).data ?? [])]] : [];
    }),
  );
}
