import type { z } from 'zod';
import { accountEndpoints } from './account.ts';
import { accountsEndpoints } from './accounts.ts';
import { auditEndpoints } from './audit.ts';
import { configurationEndpoints } from './configuration.ts';
import { contactEndpoints } from './contacts.ts';
import { credentialEndpoints } from './credentials.ts';
import { customerEndpoints } from './customers.ts';
import type { Endpoint } from './endpoint.ts';
import { invitationEndpoints } from './invitations.ts';
import { jobEndpoints } from './jobs.ts';
import { mediaEndpoints } from './media.ts';
import { setUpEndpoints } from './setup.ts';

export { API_BASE, GivenBytes, hasBody, isChange, pathNames, type Endpoint } from './endpoint.ts';
export { errorOf, Problem, PROBLEM_TYPE, problemOf } from './problem.ts';

/** Every endpoint by name. */
export const endpoints = { ...accountEndpoints, ...accountsEndpoints, ...customerEndpoints, ...contactEndpoints, ...configurationEndpoints, ...setUpEndpoints, ...invitationEndpoints, ...auditEndpoints, ...jobEndpoints, ...credentialEndpoints, ...mediaEndpoints } as const satisfies Record<string, Endpoint>;

export type Endpoints = typeof endpoints;
export type EndpointName = keyof Endpoints;
/** What a caller gives; what is left out has a default. */
export type ApiRequest<Name extends EndpointName> = z.input<Endpoints[Name]['request']>;
/** The same as its handler gets it. */
export type ApiAsked<Name extends EndpointName> = z.output<Endpoints[Name]['request']>;
export type ApiResponse<Name extends EndpointName> = z.output<Endpoints[Name]['response']>;

/** Those that anybody may ask, without a sign-in. */
export type OpenEndpointName = { [Name in EndpointName]: Endpoints[Name]['scope'] extends null ? Name : never }[EndpointName];

export const endpointNames = Object.keys(endpoints) as EndpointName[];
export const openEndpointNames = endpointNames.filter((name): name is OpenEndpointName => endpoints[name].scope === null);
export const isEndpointName = (name: string): name is EndpointName => Object.hasOwn(endpoints, name);
