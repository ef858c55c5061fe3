import { z } from 'zod';
import { ApiKey, CredentialId, DisplayLink, NewApiKey, NewDisplayLink, Token, WallView } from '../credentials.ts';
import type { Endpoint } from './endpoint.ts';

const One = z.strictObject({ credentialId: CredentialId });

export const credentialEndpoints = {
  'wall.show': {
    method: 'GET',
    path: '/wall',
    summary: 'What a wallboard link shows now. Asked with the token of the link, once a second.',
    scope: 'wall.show',
    request: z.strictObject({}),
    response: WallView,
  },
  'displays.list': {
    method: 'GET',
    path: '/displays',
    summary: 'Links to wallboards, the newest first, with when each was last seen.',
    scope: 'accounts.administer',
    request: z.strictObject({}),
    response: z.array(DisplayLink),
  },
  'displays.create': {
    method: 'POST',
    path: '/displays',
    summary: 'A link to a wallboard of some groups. Its token is told once, and goes behind the # of the address.',
    scope: 'accounts.administer',
    request: NewDisplayLink,
    response: z.object({ display: DisplayLink, token: Token }),
    audited: { subject: null, by: 'store' },
    creates: true,
  },
  'displays.revoke': {
    method: 'POST',
    path: '/displays/:credentialId/revoke',
    summary: 'Ends a link. The wall that shows it goes dark at once.',
    scope: 'accounts.administer',
    request: One,
    response: z.null(),
    audited: { subject: 'credentialId', by: 'store' },
  },
  'keys.list': {
    method: 'GET',
    path: '/keys',
    summary: 'Keys of other systems, the newest first, with when each was last used.',
    scope: 'accounts.administer',
    request: z.strictObject({}),
    response: z.array(ApiKey),
  },
  'keys.create': {
    method: 'POST',
    path: '/keys',
    summary: 'A key for another system, with scopes that whoever makes it has. Its token is told once.',
    scope: 'accounts.administer',
    request: NewApiKey,
    response: z.object({ key: ApiKey, token: Token }),
    audited: { subject: null, by: 'store' },
    creates: true,
  },
  'keys.revoke': {
    method: 'POST',
    path: '/keys/:credentialId/revoke',
    summary: 'Ends a key at once.',
    scope: 'accounts.administer',
    request: One,
    response: z.null(),
    audited: { subject: 'credentialId', by: 'store' },
  },
} as const satisfies Record<string, Endpoint>;
