import { z } from 'zod';
import { Label } from './label.ts';

/** What a reason may be told apart by beside its name: few enough that nobody mixes them up, in light and in dark. `amber` is how every absence looks. */
export const AwayColour = z.enum(['amber', 'teal', 'blue', 'violet', 'pink', 'grey']);
export type AwayColour = z.infer<typeof AwayColour>;

/** Names stand in menus and in rows of a list. */
const Name = Label.max(40);
const DAY_MS = 24 * 3600_000;

/** A reason to be away, as a company sets it up. */
export const AwayReasonSettings = z.object({
  /** In Korean; in every language where there is no other. */
  name: Name,
  /** Empty: the same as in Korean. */
  english: Name.or(z.literal('')).default(''),
  /** Whether the time counts as work. */
  paid: z.boolean(),
  /** After it the agent, and whoever supervises them, is told; nobody is moved. Null: it may take as long as it does. */
  longestMs: z.number().int().min(60_000).max(DAY_MS).nullable().default(null),
  colour: AwayColour.default('amber'),
  /** Its place in the list, upwards. */
  order: z.number().int().min(0).max(10_000).default(0),
});
export type AwayReasonSettings = z.infer<typeof AwayReasonSettings>;

/** The id of one: states and choices name it. */
export const AwayReasonId = z.string().regex(/^[\w-]{1,64}$/);

/** A center has no more of them: they are a menu. */
export const MOST_AWAY_REASONS = 40;
