import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { API_BASE, endpointNames, endpoints, GivenBytes, hasBody, isChange, pathNames, type Endpoint, type EndpointName } from '../../../contract/api/index.ts';
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
import { sendBytes } from './bytes.ts';
import { isCredentialToken, type ApiAuthenticate } from './callers.ts';
import { answerProblem, entityTagOf, versionOf } from './http.ts';
import { typedQuery } from './query.ts';
import { SIGNED, type SignedAddresses } from './signed-address.ts';

export interface ApiDoors {
  authenticate: ApiAuthenticate;
  /** Who asks for bytes by an address that says so itself. */
  signed: Pick<SignedAddresses, 'callerOf'>;
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
    const add = (to: FastifyInstance): void =>
      void to.route({
        method: endpoint.method,
        url: `${API_BASE}${endpoint.path}`,
        handler: async (request, reply) => {
          const answer = await (endpoint.scope === null ? serveStranger(name, endpoint, request, { ...doors, act }) : serve(name, endpoint, endpoint.scope, request, { ...doors, answers, act }));
          // What is refused is not read to its end, and the connection is no good for another request.
          if (endpoint.takes !== undefined && !answer.ok) void reply.header('connection', 'close');
          if (!answer.ok) return answerProblem(reply, answer.error);
          return endpoint.gives === 'bytes' ? sendBytes(request, reply, GivenBytes.parse(answer.value)) : send(reply, answer.value, endpoint);
        },
      });
    if (endpoint.takes === undefined) add(app);
    else void app.register(async (own) => takesBytes(own, add));
  }
}

/** Bodies are handed on as they come, whatever they are called: what they are is found out from what is in them. */
function takesBytes(app: FastifyInstance, add: (app: FastifyInstance) => void): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  add(app);
}

type Act = (request: unknown, caller: ApiCaller | Stranger, content: AsyncIterable<Uint8Array>) => Promise<Result<unknown>>;
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
  const result = await act(parsed.data, { address }, nothing());
  if (endpoint.audited !== undefined) await audit.ended({ at: clock.now(), actor: null, action: name, subject: subjectOf(endpoint, asked), address, details: {} }, result);
  return result.ok ? result : counted(result);
}

function notOne({ namesFields }: Endpoint, { issues }: z.ZodError): Result<never> {
  const message = issues.map(({ path, message: what }) => `${path.join('.') || 'request'}: ${what}`).join('; ');
  if (namesFields === undefined) return fail('input.invalid', message);
  const present = issues.map((issue): FieldProblem => ({ field: [...issue.path, ...('keys' in issue && Array.isArray(issue.keys) ? issue.keys : [])].join('.'), code: 'invalid', other: issue.message }));
  return { ok: false, error: { code: namesFields, message, present } };
}

async function serve(name: EndpointName, endpoint: Endpoint, scope: Scope, request: FastifyRequest, { authenticate, signed, requests, keys, addressOf, audit, clock, answers, act }: ApiDoors & { answers: AnswersByPerson; act: Act }): Promise<Result<unknown>> {
  // An address is kept by proxies, histories and logs: what stands in one is no secret any more.
  if (Object.values(request.query as Record<string, unknown>).flat().some(isCredentialToken)) return fail('input.invalid', 'a token goes in the Authorization header, never in the address: revoke this one');
  const address = addressOf(request.raw);
  const signature = signatureOf(endpoint, request);
  const who = await (signature === null ? authenticate(request.headers, address) : signed.callerOf(request.url.split('?', 1)[0] ?? '', signature));
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
  if (endpoint.takes !== undefined) return written(await taken(act(parsed.data, caller, contentOf(request, endpoint.takes.mostBytes))));
  if (key === undefined || !isChange(endpoint)) return written(await act(parsed.data, caller, nothing()));
  if (typeof key !== 'string' || !KEY.test(key)) return fail('input.invalid', 'Idempotency-Key: 8 to 64 letters, digits and -');
  return answers.once(caller.agentId, key, [name, asked], async () => written(await act(parsed.data, caller, nothing()))) ?? fail('input.invalid', 'Idempotency-Key: used for another request');
}

/** What an address of bytes says of who asks; null where it says nothing of it. */
function signatureOf({ gives }: Endpoint, { query }: FastifyRequest): string | null {
  const said = gives === 'bytes' ? (query as Record<string, unknown>)[SIGNED] : undefined;
  return typeof said === 'string' ? said : null;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Whoever brings something went away in the middle of it. */
class BrokenOff extends Error {}

const taken = (act: Promise<Result<unknown>>): Promise<Result<unknown>> =>
  act.catch((error: unknown) => {
    if (error instanceof BrokenOff) return fail('input.invalid', 'the body broke off');
    throw error;
  });

/** The body as it comes; one byte too many is the last that is read. */
async function* contentOf({ body }: FastifyRequest, mostBytes: number): AsyncGenerator<Uint8Array> {
  if (!(body instanceof Readable)) return;
  let bytes = 0;
  try {
    for await (const piece of body) {
      if (!(piece instanceof Uint8Array)) return;
      bytes += piece.length;
      yield piece;
      if (bytes > mostBytes) return;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw new BrokenOff(error.code);
    throw error;
  }
}

const KEY = /^[\w-]{8,64}$/;

/** The request as one object. What stands in the path and the header is not taken from elsewhere. */
function askedOf({ path, versioned, ...endpoint }: Endpoint, { params, query, body, headers }: FastifyRequest): Record<string, unknown> | null {
  const given = hasBody(endpoint) ? (body ?? {}) : typedQuery(endpoint.request, withoutSignature(endpoint, query as Record<string, unknown>));
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const elsewhere = [...pathNames(path), ...(versioned === true ? ['version'] : [])].filter((name) => Object.hasOwn(given, name));
  if (elsewhere.length > 0) return null;
  return { ...given, ...(params as Record<string, unknown>), ...(versioned === true && { version: versionOf(headers['if-match']) }) };
}

const withoutSignature = ({ gives }: Pick<Endpoint, 'gives'>, { [SIGNED]: signed, ...rest }: Record<string, unknown>): Record<string, unknown> => (gives === 'bytes' || signed === undefined ? rest : { ...rest, [SIGNED]: signed });

function subjectOf({ audited }: Endpoint, asked: Record<string, unknown> | null): string {
  const subject = asked?.[audited?.subject ?? ''];
  return auditable(subject);
}

function send(reply: FastifyReply, value: unknown, { creates }: Endpoint): FastifyReply {
  const tag = entityTagOf(value);
  if (tag !== null) void reply.header('etag', tag);
  return value === null ? reply.code(204).send() : reply.code(creates === true ? 201 : 200).send(value);
}
