import { z } from 'zod';
import type { ConfigurationValue, DeskKind } from './configuration.ts';

/** One thing that is set up, as a desk goes by it. `removed`: nobody is to choose it any more, and it is told by its last value yet. */
export interface DeskRecord<Kind extends DeskKind> {
  id: string;
  value: ConfigurationValue<Kind>;
  removed: boolean;
}

/** What of the set-up a desk goes by, in the order it was put. A center from before a kind says nothing of it. */
export type DeskSetUp = { readonly [Kind in DeskKind]?: readonly DeskRecord<Kind>[] };

/**
 * As it travels. The schemas of kinds are large, and a window's first load has no use for them: they are the host's to check,
 * which reads it record by record (`agent/set-up-reader.ts`).
 */
export const DeskSetUp = z.custom<DeskSetUp>((value) => typeof value === 'object' && value !== null);
