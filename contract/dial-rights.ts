import { z } from 'zod';

/**
 * What a call costs and whom it may be made by, cheapest first. `national` takes in nationwide numbers (1588, 070, 080,
 * 050, 114, 1330), `premium` whatever bills more than a call: 060, satellite networks, and the countries that fraud is paid from.
 */
export const DialClass = z.enum(['emergency', 'internal', 'local', 'mobile', 'national', 'international', 'premium']);
export type DialClass = z.infer<typeof DialClass>;

/** What somebody may dial to the outside at this time, as their desk is told it. */
export const DialRights = z.object({
  /** Their class of service. */
  classes: z.array(DialClass),
  /** Their calls looked like fraud: no international and no premium ones until somebody has looked into it. */
  blocked: z.boolean(),
  /** One of the center's numbers, whose area is local; empty for none. */
  home: z.string(),
  /** The center's own numbers, E.164: calling them leaves nothing. */
  own: z.array(z.string()),
});
export type DialRights = z.infer<typeof DialRights>;
