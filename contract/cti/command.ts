import type { z } from 'zod';
import type { Scope } from '../permissions.ts';

/** What the contract says of one command of a desk. One that does not say who may send it does not compile. */
export interface CtiCommand {
  /** Whom or what they may do it to is the object's: an agent or a group in the request is one of the sender's groups, unless they are an administrator. */
  scope: Scope;
  /** It makes the center dial out. */
  dials?: true;
  /** Somebody who is being signed out may still do it for the customer they are talking to. Nothing of it dials. */
  forTheCall?: true;
  /** Kept in the audit log; the first of these parts of the request that is a text says whom or what it was done to. */
  audited?: readonly string[];
  request: z.ZodType;
  response: z.ZodType;
}
