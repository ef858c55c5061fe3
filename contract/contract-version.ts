import { z } from 'zod';

/*
 * Desks, pages and centers are not updated at one moment. How they speak to each other is counted, and of two the newer decides
 * whether they still understand each other: it alone knows what has changed since.
 */

/** Counted up with each change that an end of before cannot live with. */
export const CONTRACT = 1;

/** The count that an end is of; those from before it was counted say nothing. */
export const ContractVersion = z.number().int().nonnegative().default(0);

export interface Understood {
  /** What this end is of. */
  current: number;
  /** The oldest that it still understands. */
  oldest: number;
}

export const understood: Understood = { current: CONTRACT, oldest: 0 };

/** Where the other end names its count among other things. */
const Named = z.object({ contract: ContractVersion });

/** The count that somebody names in what may be of a shape not known here; 0 where they name none. */
export function contractIn(said: unknown): number {
  return Named.safeParse(said).data?.contract ?? 0;
}
