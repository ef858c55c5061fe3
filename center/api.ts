import type { ApiAsked, ApiResponse, EndpointName, Endpoints, OpenEndpointName } from '../contract/api/index.ts';
import type { Me } from '../contract/directory.ts';
import type { Result } from '../contract/errors.ts';
import type { AgentId } from '../contract/ids.ts';

/** Who asks, as the door knows them. */
export interface ApiCaller {
  agentId: AgentId;
  me: Me;
  /** The sign-in. */
  familyId: string;
  /** Network address of the person's browser or desktop. */
  address: string;
}

/** Somebody without a sign-in. */
export interface Stranger {
  /** Network address of their browser or desktop. */
  address: string;
}

type CallerOf<Name extends EndpointName> = Name extends OpenEndpointName ? Stranger : ApiCaller;
/** One that takes bytes as they are has them as `content`, once. */
type Given<Name extends EndpointName> = Endpoints[Name] extends { takes: object } ? [content: AsyncIterable<Uint8Array>] : [];

export type ApiHandler<Name extends EndpointName> = (request: ApiAsked<Name>, caller: CallerOf<Name>, ...given: Given<Name>) => Promise<Result<ApiResponse<Name>>>;

/** What a capability does for its endpoints. The door has found out who asks, whether they may, and that the request is one. */
export type ApiHandlers<Names extends EndpointName = EndpointName> = { readonly [Name in Names]: ApiHandler<Name> };
