import { z } from 'zod';
import { DISPLAY_PREFIX, KEY_PREFIX } from '../../../contract/token-prefixes.ts';
import { hasScope, scopesOfKeys, type Scope } from '../../../contract/permissions.ts';
import { API_BASE, endpointNames, endpoints, hasBody, pathNames, Problem, PROBLEM_TYPE, type Endpoint } from '../../../contract/api/index.ts';

type Json = Record<string, unknown>;

/**
 * The contract as an OpenAPI 3.1 document, which says of every endpoint what it takes, what it answers and which scope it
 * needs. Schemas are JSON Schema 2020-12, the dialect of OpenAPI 3.1.
 */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  const schemas: Json = {};
  schemas['Problem'] = schemaOf(Problem, 'output', schemas);
  for (const name of endpointNames) {
    const endpoint: Endpoint = endpoints[name];
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(name, endpoint, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sangdam',
      version: '1',
      description: 'The API of a Sangdam contact center. Send `Authorization: Bearer …` with the access token of a sign-in, or with a key of another system, which an administrator makes in the set-up; never in the address. Whatever fails is answered as a problem (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: API_BASE }],
    security: [{ signIn: [] }, { key: [] }],
    tags: [...new Set(endpointNames.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        signIn: { type: 'http', scheme: 'bearer', description: 'The access token of a sign-in, good for 15 minutes.' },
        key: { type: 'http', scheme: 'bearer', bearerFormat: `${KEY_PREFIX}…`, description: `A key of another system. It may have these scopes: ${scopesOfKeys.join(', ')}.` },
        display: { type: 'http', scheme: 'bearer', bearerFormat: `${DISPLAY_PREFIX}…`, description: 'The token of a wallboard link, for what a wall shows.' },
      },
      schemas,
      responses: { Problem: { description: 'Why not: `code` names the cause, `detail` says it in words.', content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } } } },
    },
  };
}

/** By which tokens an endpoint may be asked. */
function securityOf(scope: Scope): Json[] {
  if (hasScope({ kind: 'display', role: 'agent', duties: [] }, scope)) return [{ display: [] }];
  return [{ signIn: [] }, ...(hasScope({ kind: 'key', role: 'admin', duties: [], scopes: scopesOfKeys }, scope) ? [{ key: [] }] : [])];
}

const tagOf = (name: string): string => name.split('.')[0] ?? name;

function operationOf(name: string, endpoint: Endpoint, schemas: Json): Json {
  const { properties = {}, required = [] } = schemaOf(endpoint.request, 'input', schemas) as { properties?: Record<string, Json>; required?: string[] };
  const inPath = pathNames(endpoint.path);
  const rest = Object.keys(properties).filter((key) => !inPath.includes(key) && !(endpoint.versioned === true && key === 'version'));
  const parameterOf = (place: string) => (key: string): Json => ({ name: key, in: place, required: place === 'path' || required.includes(key), schema: properties[key] });
  const headers: Json[] = [
    ...(endpoint.versioned === true ? [{ name: 'If-Match', in: 'header', required: true, description: 'The `version` this change was begun from, in quotes: the `ETag` of what was read.', schema: { type: 'string' } }] : []),
    ...(endpoint.method === 'GET' || endpoint.scope === null ? [] : [{ name: 'Idempotency-Key', in: 'header', required: false, description: 'The same key sent again acts once, and answers the same.', schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,64}$' } }]),
  ];
  const parameters = [...inPath.map(parameterOf('path')), ...(hasBody(endpoint) ? [] : rest.map(parameterOf('query'))), ...headers];
  const body = { type: 'object', properties: Object.fromEntries(rest.map((key) => [key, properties[key]])), required: required.filter((key) => rest.includes(key)), additionalProperties: false };
  return {
    operationId: name,
    tags: [tagOf(name)],
    summary: endpoint.summary,
    ...(endpoint.scope === null ? { security: [] } : { 'x-scope': endpoint.scope, security: securityOf(endpoint.scope) }),
    ...(parameters.length > 0 && { parameters }),
    ...(hasBody(endpoint) && rest.length > 0 && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    ...(endpoint.takes !== undefined && { requestBody: { required: true, content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary', maxLength: endpoint.takes.mostBytes } } } } }),
    responses: { ...answerOf(endpoint, schemas), default: { $ref: '#/components/responses/Problem' } },
  };
}

function answerOf({ response, versioned, creates, gives }: Endpoint, schemas: Json): Json {
  if (gives === 'bytes') return bytesAnswer;
  if (response instanceof z.ZodNull) return { '204': { description: 'Done.' } };
  return {
    [creates === true ? '201' : '200']: {
      description: 'Done.',
      ...(versioned === true && { headers: { ETag: { description: 'The version of what is answered.', schema: { type: 'string' } } } }),
      content: { 'application/json': { schema: schemaOf(response, 'output', schemas) } },
    },
  };
}

const binary = { '*/*': { schema: { type: 'string', format: 'binary' } } };
const bytesAnswer = { '200': { description: 'All of it.', content: binary }, '206': { description: 'The range that was asked for by `Range`.', content: binary }, '416': { description: 'There are no such bytes.' } };

/** What JSON Schema has no word for, as a custom check, is left out: the center checks it all the same. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', shared: Json): Json {
  const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any', reused: 'inline' }) as Json;
  // What refers to itself has a name of its own, and one place in the document.
  Object.assign(shared, elsewhere($defs));
  return elsewhere(rest);
}

const elsewhere = <Value>(json: Value): Value => JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/')) as Value;
