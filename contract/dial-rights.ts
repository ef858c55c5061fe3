import { z } from 'zod';
import { DialClass, dialClassOf } from './dial-class.ts';

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

export type DialRefusal = 'class' | 'blocked';

/** Whether the center would refuse to dial this number for them, before anybody tries. Limits are known to the center alone. */
export function dialRefusalOf({ classes, blocked, home, own }: DialRights, number: string): DialRefusal | null {
  const dialClass = dialClassOf(number, home);
  if (dialClass === 'emergency' || dialClass === 'internal' || own.includes(number)) return null;
  if (!classes.includes(dialClass)) return 'class';
  return blocked && (dialClass === 'international' || dialClass === 'premium') ? 'blocked' : null;
}
