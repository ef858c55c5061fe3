import { z } from 'zod';
import { AccountSummary, TemporaryPassword } from '../account.ts';
import { AgentId } from '../ids.ts';
import type { Endpoint } from './endpoint.ts';

const Somebody = z.strictObject({ agentId: AgentId });

/** What is done to somebody else's account: nobody shuts themselves out, for the last one who could open it again might be gone. */
const toSomebody = <Path extends `/${string}`>(path: Path, summary: string) =>
  ({ method: 'POST', path: `/accounts/:agentId${path}`, summary, scope: 'accounts.administer', request: Somebody, response: z.null(), audited: { subject: 'agentId', by: 'store' } }) as const;

export const accountsEndpoints = {
  'accounts.list': {
    method: 'GET',
    path: '/accounts',
    summary: 'Who may sign in, in the order of the people.',
    scope: 'accounts.administer',
    request: z.strictObject({}),
    response: z.array(AccountSummary),
  },
  'accounts.resetPassword': {
    ...toSomebody('/temporary-password', 'A password to tell the person, shown once, good for choosing their own. Whoever is signed in with the old one is out.'),
    response: TemporaryPassword,
  },
  'accounts.disable': toSomebody('/disable', 'Nobody gets in or goes on with it. A call at hand is not cut off.'),
  'accounts.enable': toSomebody('/enable', 'Lets the person in again.'),
  'accounts.signOut': toSomebody('/sign-out', 'Ends every sign-in of a person. A call at hand is not cut off: it comes true when that is over.'),
  'accounts.removeFactors': toSomebody('/remove-factors', 'Takes every second factor of a person away, as when a phone is lost.'),
} as const satisfies Record<string, Endpoint>;
