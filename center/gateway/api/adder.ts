import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { API_BASE, endpointNames, endpoints, hasBody, isChange, pathNames, type Endpoint, type EndpointName } from '../../../contract/api/index.ts';
import { fail, type Result } from '../../../contract/errors.ts';
import type { FieldProblem } from '../../../contract/set-up.ts';
import { hasScope, type Scope } from '../../../contract/permissions.ts';
import type { z } from 'zod';
import type { ApiCaller, ApiHandlers, Stranger } from '../../api.ts';
import { networkOf } from '../../bounds/network.ts';
import type { Clock } from '../../ports.ts';
import { AnswersByPerson } from '../answers-by-person.ts';
import { auditable, type AuditQueue } from '../audit-queue.ts';
import type { Trail } from '../audit-trail.ts';
import type { Limiter } from '../limits.ts';
import { isCredentialToken, type ApiAuthenticate } from './callers.ts';
import { answerProblem, entityTagOf, versionOf } from './http.ts';
import { typedQuery } from './query.ts';

export interface ApiDoors {
  authenticate: ApiAuthenticate;
  /** Of one person, and of one display. */
  requests: Limiter;
  /** Of one key. */
  keys: Limiter;
  /** Of one network, by people without a sign-in: what came to nothing. */
  strangers: Limiter;
  trail: Pick<Trail, 'limited'>;
  /** Network address of the person's browser or desktop. */
  addressOf: (request: IncomingMessage) => string;
  audit: Pick<AuditQueue, 'ended'>;
  clock: Pick<Clock, 'now' | 'monotonic'>;
}

/**
 * Adds every endpoint of the contract under `/api/v1`. One that is asked twice with one `Idempotency-Key` acts once; what
 * fails is answered as a problem (RFC 9457).
 */
export function addEndpoints(app: FastifyInstance, handlers: ApiHandlers, doors: ApiDoors): void {
  const answers = new AnswersByPerson(doors.clock);
  for (const name of endpointNames) {
    const endpoint: Endpoint = endpoints[name];
    const act = handlerOf(handlers, name);
    app.route({
      method: endpoint.method,
      url: `${API_BASE}${endpoint.path}`,
      handler: async (request, reply) => {
        const answer = await (endpoint.scope === null ? serveStranger(name, endpoint, request, { ...doors, act }) : serve(name, endpoint, endpoint.scope, request, { ...doors, answers, act }));
        return answer.ok ? send(reply, answer.value, endpoint) : answerProblem(reply, answer.error);
      },
    });
  }
}

type Act = (request: unknown, caller: ApiCaller | Stranger) => Promise<Result<unknown>>;
/** A row of the table fits the request of its own name, as which it is parsed before. */
const handlerOf = (handlers: ApiHandlers, name: EndpointName): Act => handlers[name] as Act;

/**
 * What anybody may ask. Where they are is all that is known of them: of one network, what came to nothing is counted.
 * Whoever proves themselves has an answer whatever others there have asked; how often is then the handler's to say.
 */
async function serveStranger(name: EndpointName, endpoint: Endpoint, request: FastifyRequest, { strangers, trail, addressOf, audit, clock, act }: ApiDoors & { act: Act }): Promise<Result<unknown>> {
  const address = addressOf(request.raw);
  const counted = async (refused: Result<never>): Promise<Result<never>> => {
    const network = networkOf(address);
    const spent = await strangers.take(network);
    if (spent !== null) await trail.limited(`stranger ${network}`, name, { address });
    return spent ?? refused;
  };
  const asked = askedOf(endpoint, request);
  const parsed = endpoint.request.safeParse(asked);
  if (!parsed.success) return counted(notOne(endpoint, parsed.error));
  const result = await act(parsed.data, { address });
  if (endpoint.audited !== undefined) await audit.ended({ at: clock.now(), actor: null, action: name, subject: subjectOf(endpoint, asked), address, details: {} }, result);
  return result.ok ? result : counted(result);
}

function notOne({ namesFields }: Endpoint, { issues }: z.ZodError): Result<never> {
  const message = issues.map(({ path, message: what }) => `${path.join('.') || 'request'}: ${what}`).join('; ');
  if (namesFields === undefined) return fail('input.invalid', message);
  const present = issues.map((issue): FieldProblem => ({ field: [...issue.path, ...('keys' in issue && Array.isArray(issue.keys) ? issue.keys : [])].join('.'), code: 'invalid', other: issue.message }));
  return { ok: false, error: { code: namesFields, message, present } };
}

async function serve(name: EndpointName, endpoint: Endpoint, scope: Scope, request: FastifyRequest, { authenticate, requests, keys, addressOf, audit, clock, answers, act }: ApiDoors & { answers: AnswersByPerson; act: Act }): Promise<Result<unknown>> {
  // An address is kept by proxies, histories and logs: what stands in one is no secret any more.
  if (Object.values(request.query as Record<string, unknown>).flat().some(isCredentialToken)) return fail('input.invalid', 'a token goes in the Authorization header, never in the address: revoke this one');
  const address = addressOf(request.raw);
  const who = await authenticate(request.headers, address);
  if (!who.ok) return who;
  const caller: ApiCaller = { ...who.value, address };
  const spent = await (caller.me.kind === 'key' ? keys : requests).take(caller.agentId);
  if (spent) return spent;
  const asked = askedOf(endpoint, request);
  const written = async (result: Result<unknown>): Promise<Result<unknown>> => {
    if (endpoint.audited !== undefined && !(result.ok && endpoint.audited.by === 'store')) await audit.ended({ at: clock.now(), actor: caller.agentId, action: name, subject: subjectOf(endpoint, asked), address: caller.address, details: {} }, result);
    return result;
  };
  // Who may not is told so, and no more of what this takes.
  if (!hasScope(caller.me, scope)) return written(fail('forbidden', `${name} needs ${scope}`));
  const parsed = endpoint.request.safeParse(asked);
  if (!parsed.success) return notOne(endpoint, parsed.error);
  const key = request.headers['idempotency-key'];
  if (key === undefined || !isChange(endpoint)) return written(await act(parsed.data, caller));
  if (typeof key !== 'string' || !KEY.test(key)) return fail('input.invalid', 'Idempotency-Key: 8 to 64 letters, digits and -');
  return answers.once(caller.agentId, key, [name, asked], async () => written(await act(parsed.data, caller))) ?? fail('input.invalid', 'Idempotency-Key: used for another request');
}

const KEY = /^[\w-]{8,64}$/;

/** The request as one object. What stands in the path and the header is not taken from elsewhere. */
function askedOf({ path, versioned, ...endpoint }: Endpoint, { params, query, body, headers }: FastifyRequest): Record<string, unknown> | null {
  const given = hasBody(endpoint) ? (body ?? {}) : typedQuery(endpoint.request, query as Record<string, unknown>);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const elsewhere = [...pathNames(path), ...(versioned === true ? ['version'] : [])].filter((name) => Object.hasOwn(given, name));
  if (elsewhere.length > 0) return null;
  return { ...given, ...(params as Record<string, unknown>), ...(versioned === true && { version: versionOf(headers['if-match']) }) };
}

function subjectOf({ audited }: Endpoint, asked: Record<string, unknown> | null): string {
  const subject = asked?.[audited?.subject ?? ''];
  return auditable(subject);
}

function send(reply: FastifyReply, value: unknown, { creates }: Endpoint): FastifyReply {
  const tag = entityTagOf(value);
  if (tag !== null) void reply.header('etag', tag);
  return value === null ? reply.code(204).send() : reply.code(creates === true ? 201 : 200).send(value);
}
