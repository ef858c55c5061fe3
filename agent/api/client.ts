import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { API_BASE, endpoints, errorOf, hasBody, isChange, pathNames, Problem, type ApiRequest, type ApiResponse, type Endpoint, type EndpointName, type OpenEndpointName } from '../../contract/api/index.ts';
import { fail, ok, type Result } from '../../contract/errors.ts';
import type { CenterRest, Tokens } from '../cti/index.ts';

/** Asks the center's API, by name, for whoever is signed in. Nothing throws; every answer is parsed. */
export class CenterApi {
  private readonly rest: Pick<CenterRest, 'exchange'>;
  private readonly tokens: Pick<Tokens, 'use'>;

  constructor(rest: Pick<CenterRest, 'exchange'>, tokens: Pick<Tokens, 'use'>) {
    this.rest = rest;
    this.tokens = tokens;
  }

  /** What writes is sent once more where its answer was lost: under its key it acts once. */
  async call<Name extends EndpointName>(name: Name, request: ApiRequest<Name>): Promise<Result<ApiResponse<Name>>> {
    const endpoint: Endpoint = endpoints[name];
    const key = randomUUID();
    const ask = (): Promise<Result<unknown>> => this.tokens.use((token) => askAt(this.rest, endpoint, request, { authorization: `Bearer ${token}`, ...(isChange(endpoint) && { 'idempotency-key': key }) }));
    const answer = await ask();
    const isLost = !answer.ok && isChange(endpoint) && (answer.error.code === 'center.unreachable' || answer.error.code === 'center.timeout');
    // Parsed by the schema of this very name.
    return (isLost ? await ask() : answer) as Result<ApiResponse<Name>>;
  }

  /** Asks an endpoint that takes bytes. An answer that was lost is told: what came of it is nobody's, and goes by itself. */
  async upload<Name extends TakingName>(name: Name, request: ApiRequest<Name>, content: Uint8Array<ArrayBuffer>): Promise<Result<ApiResponse<Name>>> {
    const answer = await this.tokens.use((token) => askAt(this.rest, endpoints[name], request, { authorization: `Bearer ${token}` }, content));
    // As above.
    return answer as Result<ApiResponse<Name>>;
  }
}

/** Endpoints that take bytes. */
type TakingName = { [Name in EndpointName]: (typeof endpoints)[Name] extends { takes: object } ? Name : never }[EndpointName];

/** Asks what takes no sign-in. The request is parsed here. */
export async function askOpenly(rest: Pick<CenterRest, 'exchange'>, name: OpenEndpointName, request: unknown): Promise<Result<unknown>> {
  const endpoint: Endpoint = endpoints[name];
  const asked = z.record(z.string(), z.unknown()).safeParse(request ?? {});
  return asked.success ? askAt(rest, endpoint, asked.data, {}) : fail('input.invalid', `${name}: not a request`);
}

async function askAt(rest: Pick<CenterRest, 'exchange'>, endpoint: Endpoint, request: Record<string, unknown>, authorization: Record<string, string>, content?: Uint8Array<ArrayBuffer>): Promise<Result<unknown>> {
  const { path, headers, body } = messageOf(endpoint, request);
  const sent = content ?? body;
  const answer = await rest.exchange(path, { method: endpoint.method, headers: { ...headers, ...authorization, ...(content && { 'content-type': 'application/octet-stream' }) }, ...(sent !== null && { body: sent }) });
  if (!answer.ok) return answer;
  const { status, body: said } = answer.value;
  return status >= 200 && status < 300 ? valueOf(endpoint.response, said) : problemIn(said, status);
}

/** A request as it travels: names of the path in the path, the version as `If-Match`, the rest as query or body. */
function messageOf({ path, method, versioned, takes }: Endpoint, request: Record<string, unknown>): { path: string; headers: Record<string, string>; body: string | null } {
  const inPath = pathNames(path);
  const rest = Object.entries(request).filter(([name, value]) => value !== undefined && !inPath.includes(name) && !(versioned === true && name === 'version'));
  const address = API_BASE + path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(request[name])));
  const headers = versioned === true ? { 'if-match': `"${String(request['version'])}"` } : {};
  if (hasBody({ method, takes })) return { path: address, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(Object.fromEntries(rest)) };
  const query = new URLSearchParams(Object.fromEntries(rest.filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)]))).toString();
  return { path: query === '' ? address : `${address}?${query}`, headers, body: null };
}

function valueOf(schema: z.ZodType, said: unknown): Result<unknown> {
  const parsed = schema.safeParse(said);
  return parsed.success ? ok(parsed.data) : fail('unexpected', 'the center answered with something else than it promised');
}

function problemIn(said: unknown, status: number): Result<never> {
  const problem = Problem.safeParse(said);
  if (problem.success) return { ok: false, error: errorOf(problem.data) };
  return fail(status === 401 ? 'auth.expired' : 'unexpected', `the center answered ${status} with something else than a problem`);
}
