import type { FastifyInstance } from 'fastify';
import { API_BASE } from '../../../contract/api/index.ts';
import { documentPage } from './document-page.ts';
import { openApiDocument } from './openapi.ts';

/** The contract for programs, `/api/v1/openapi.json`, and for people, `/api/v1`. Of a center they say nothing. */
export function addDocument(app: FastifyInstance): void {
  let document: string | null = null;
  app.get(`${API_BASE}/openapi.json`, (_request, reply) => reply.type('application/json; charset=utf-8').send((document ??= JSON.stringify(openApiDocument()))));
  for (const url of [API_BASE, `${API_BASE}/`]) app.get(url, (_request, reply) => reply.type('text/html; charset=utf-8').send(documentPage()));
}
