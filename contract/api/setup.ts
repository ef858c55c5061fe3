import { z } from 'zod';
import { FirstOffice, FirstOfficeMade } from '../set-up.ts';
import type { Endpoint } from './endpoint.ts';

export const setUpEndpoints = {
  'setup.state': {
    method: 'GET',
    path: '/setup',
    summary: 'Whether this center has still to be set up: it has no administrator yet.',
    scope: null,
    request: z.strictObject({}),
    response: z.object({ needed: z.boolean() }),
  },
  'setup.check': {
    method: 'POST',
    path: '/setup/check',
    summary: 'Whether this is the set-up code; a wrong one counts.',
    scope: null,
    request: z.strictObject({ code: z.string().min(1).max(128) }),
    response: z.null(),
    audited: { subject: null },
  },
  'setup.make': {
    method: 'POST',
    path: '/setup',
    summary: 'Sets the center up, all of it or none, with the code that it printed when it started. `setup.invalid` names each field in `present`; `setup.done`: there is an administrator.',
    scope: null,
    request: FirstOffice.extend({ code: z.string().min(1).max(128) }),
    response: FirstOfficeMade,
    audited: { subject: null },
    creates: true,
    namesFields: 'setup.invalid',
  },
} as const satisfies Record<string, Endpoint>;
