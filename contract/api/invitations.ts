import { z } from 'zod';
import { PersonToSetUp } from '../configuration.ts';
import { AgentId, EpochMs } from '../ids.ts';
import { Invitation, InvitedPerson } from '../set-up.ts';
import type { Endpoint } from './endpoint.ts';

/** Of one request: more would keep the center from its calls for longer than a packet of audio takes. */
export const MOST_NEW_PEOPLE = 100;

const Token = z.string().min(1).max(64);

export const invitationEndpoints = {
  'people.invite': {
    method: 'POST',
    path: '/people',
    summary: 'Sets up new people, all or none, each with an invitation that is told once.',
    // An invitation lets somebody in: whoever may only set things up, as a key may, has none to give.
    scope: 'accounts.administer',
    request: z.strictObject({ people: z.array(PersonToSetUp).min(1).max(MOST_NEW_PEOPLE) }),
    response: z.array(InvitedPerson),
    audited: { subject: null, by: 'store' },
    creates: true,
  },
  'invitations.make': {
    method: 'POST',
    path: '/accounts/:agentId/invitation',
    summary: 'A new invitation for somebody else, in the place of any before: by it they choose their password.',
    scope: 'accounts.administer',
    request: z.strictObject({ agentId: AgentId }),
    response: Invitation,
    audited: { subject: 'agentId' },
    creates: true,
  },
  'invitations.look': {
    method: 'POST',
    path: '/invitations/look',
    summary: 'Whose invitation this is, and until when it is good.',
    scope: null,
    request: z.strictObject({ token: Token }),
    response: z.object({ account: z.string(), name: z.string(), company: z.string(), expiresAt: EpochMs }),
  },
  'invitations.use': {
    method: 'POST',
    path: '/invitations/use',
    summary: 'Chooses the password of whoever was invited; the invitation is spent.',
    scope: null,
    request: z.strictObject({ token: Token, password: z.string().min(1).max(256) }),
    response: z.object({ account: z.string() }),
  },
} as const satisfies Record<string, Endpoint>;
