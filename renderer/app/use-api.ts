import type { ApiRequest, ApiResponse, EndpointName, OpenEndpointName } from '../../contract/api/index.ts';
import type { Result } from '../../contract/errors.ts';
import { useBridge } from './bridge.ts';

/** Asks an endpoint of the center's API by name, as whoever is signed in. */
export type Api = <Name extends EndpointName>(name: Name, request: ApiRequest<Name>) => Promise<Result<ApiResponse<Name>>>;

/** The center's API, in a component's or a store's setup. The window has no token: its host asks. */
export function useApi(): Api {
  const bridge = useBridge();
  // The host has parsed the answer by the schema of this very name.
  return (name, request) => bridge.api.call({ name, request }) as Promise<Result<never>>;
}

/** Asks an endpoint that takes no sign-in. */
export type OpenApi = <Name extends OpenEndpointName>(name: Name, request: ApiRequest<Name>) => Promise<Result<ApiResponse<Name>>>;

/** What the center's API answers anybody, in a component's setup. */
export function useOpenApi(): OpenApi {
  const bridge = useBridge();
  return (name, request) => bridge.session.ask({ server: null, name, request }) as Promise<Result<never>>;
}
