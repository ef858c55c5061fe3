import { z } from 'zod';

/**
 * Whether what people do is being kept. `low`: it is, but the disk is full, and what is written comes from a reserve.
 * `failing`: it is not, for now; whoever saves something is told so.
 */
export const StoreHealth = z.discriminatedUnion('state', [
  z.object({ state: z.literal('well') }),
  z.object({ state: z.literal('low') }),
  z.object({ state: z.literal('failing'), cause: z.enum(['full', 'readOnly', 'damaged', 'other']) }),
]);
export type StoreHealth = z.infer<typeof StoreHealth>;
