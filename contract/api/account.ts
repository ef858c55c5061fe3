import { z } from 'zod';
import { AtTheDoor } from '../account.ts';
import type { Endpoint } from './endpoint.ts';

export const accountEndpoints = {
  'account.door': {
    method: 'GET',
    path: '/account/door',
    summary: 'Who came to the door of one’s own account, or was turned away there, the newest first. A person has one desk, that of the newest sign-in to one, and consoles beside it.',
    scope: 'account.own',
    request: z.strictObject({}),
    response: z.array(AtTheDoor),
  },
  'account.signOutEverywhere': {
    method: 'POST',
    path: '/account/sign-out-everywhere',
    summary: 'Ends every sign-in of one’s own, this one included. A call at hand is not cut off: it comes true when that is over.',
    scope: 'account.own',
    request: z.strictObject({}),
    response: z.null(),
    audited: { subject: null, by: 'store' },
  },
} as const satisfies Record<string, Endpoint>;
