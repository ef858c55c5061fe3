import type { ApiAsked, ApiResponse, EndpointName, OpenEndpointName } from '../contract/api/index.ts';
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

export type ApiHandler<Name extends EndpointName> = (request: ApiAsked<Name>, caller: Name extends OpenEndpointName ? Stranger : ApiCaller) => Promise<Result<ApiResponse<Name>>>;

/** What a capability does for its endpoints. The door has found out who asks, whether they may, and that the request is one. */
export type ApiHandlers<Names extends EndpointName = EndpointName> = { readonly [Name in Names]: ApiHandler<Name> };
