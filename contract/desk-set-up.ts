import { z } from 'zod';
import { ConfigurationId, configurationKinds, deskKinds, type ConfigurationValue, type DeskKind } from './configuration.ts';

/** One thing that is set up, as a desk goes by it. `removed`: nobody is to choose it any more, and it is told by its last value yet. */
export interface DeskRecord<Kind extends DeskKind> {
  id: string;
  value: ConfigurationValue<Kind>;
  removed: boolean;
}

/** What of the set-up a desk goes by, in the order it was put. A center from before a kind says nothing of it. */
export type DeskSetUp = { readonly [Kind in DeskKind]?: readonly DeskRecord<Kind>[] };

const recordOf = (kind: DeskKind) => z.object({ id: ConfigurationId, value: configurationKinds[kind], removed: z.boolean() });
export const DeskSetUp = z.object(Object.fromEntries(deskKinds.map((kind) => [kind, z.array(recordOf(kind)).optional()]))) as z.ZodType as z.ZodType<DeskSetUp>;
