import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { API_BASE, endpointNames, endpoints, hasBody, pathNames, type Endpoint, type EndpointName } from '../../../contract/api/index.ts';
import { fail, type Result } from '../../../contract/errors.ts';
import { hasScope } from '../../../contract/permissions.ts';
import type { ApiCaller, ApiHandlers } from '../../api.ts';
import type { Clock } from '../../ports.ts';
import { AnswersByPerson } from '../answers-by-person.ts';
import { auditable, type AuditQueue } from '../audit-queue.ts';
import { callerOf, type Authenticate } from '../authentication.ts';
import type { Limiter } from '../limits.ts';
import { answerProblem, entityTagOf, versionOf } from './http.ts';
import { typedQuery } from './query.ts';

export interface ApiDoors {
  authenticate: Authenticate;
  /** Of one person. */
  requests: Limiter;
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
        const answer = await serve(name, endpoint, request, { ...doors, answers, act });
        return answer.ok ? send(reply, answer.value) : answerProblem(reply, answer.error);
      },
    });
  }
}

type Act = (request: unknown, caller: ApiCaller) => Promise<Result<unknown>>;
/** A row of the table fits the request of its own name, as which it is parsed before. */
const handlerOf = (handlers: ApiHandlers, name: EndpointName): Act => handlers[name] as Act;

async function serve(name: EndpointName, endpoint: Endpoint, request: FastifyRequest, { authenticate, requests, addressOf, audit, clock, answers, act }: ApiDoors & { answers: AnswersByPerson; act: Act }): Promise<Result<unknown>> {
  const who = await callerOf(authenticate, request.headers);
  if (!who.ok) return who;
  const caller: ApiCaller = { ...who.value, address: addressOf(request.raw) };
  const spent = await requests.take(caller.agentId);
  if (spent) return spent;
  const asked = askedOf(endpoint, request);
  const written = async (result: Result<unknown>): Promise<Result<unknown>> => {
    if (endpoint.audited !== undefined && !(result.ok && endpoint.audited.by === 'store')) await audit.ended({ at: clock.now(), actor: caller.agentId, action: name, subject: subjectOf(endpoint, asked), address: caller.address, details: {} }, result);
    return result;
  };
  // Who may not is told so, and no more of what this takes.
  if (!hasScope(caller.me.role, endpoint.scope)) return written(fail('forbidden', `${name} needs ${endpoint.scope}`));
  const parsed = endpoint.request.safeParse(asked);
  if (!parsed.success) return fail('input.invalid', parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`).join('; '));
  const key = request.headers['idempotency-key'];
  if (key === undefined || endpoint.method === 'GET') return written(await act(parsed.data, caller));
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

function send(reply: FastifyReply, value: unknown): FastifyReply {
  const tag = entityTagOf(value);
  if (tag !== null) void reply.header('etag', tag);
  return value === null ? reply.code(204).send() : reply.send(value);
}
