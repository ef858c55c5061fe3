import type { z } from 'zod';
import type { Scope } from '../permissions.ts';

/**
 * Who may make a bridge call: `open` anybody at the window, for signing in and for what a desktop must have set up
 * before that; `signedIn` whoever has signed in, until that ends; a scope those of them who have it. The dispatcher
 * refuses the others.
 */
export type BridgeAccess = 'open' | 'signedIn' | Scope;

/** What the contract says of one bridge call. One that does not say who may make it does not compile. */
export interface BridgeCall {
  access: BridgeAccess;
  request: z.ZodType;
  response: z.ZodType;
}
