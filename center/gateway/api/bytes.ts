import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GivenBytes } from '../../../contract/api/index.ts';
import { answerProblem } from './http.ts';

/** From the first byte to before the last; `none`: no such bytes. */
export type Asked = { from: number; to: number } | 'all' | 'none';

/** What a `Range` header asks of so many bytes (RFC 9110 §14.2). One range; several, and what is no range, are passed over. */
export function rangeOf(header: string | undefined, bytes: number): Asked {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'all';
  if (first === '') return Number(last) === 0 ? 'none' : { from: Math.max(0, bytes - Number(last)), to: bytes };
  if (last !== '' && Number(last) < Number(first)) return 'all';
  if (Number(first) >= bytes) return 'none';
  return { from: Number(first), to: last === '' ? bytes : Math.min(bytes, Number(last) + 1) };
}

/**
 * Sends bytes, or the range of them that was asked for. They are what we say they are: a browser makes no page of them, and
 * nobody on the way keeps them.
 */
export async function sendBytes(request: FastifyRequest, reply: FastifyReply, { type, bytes, tag, open }: GivenBytes): Promise<FastifyReply> {
  const entityTag = `"${tag}"`;
  void reply.headers({
    'content-type': type,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': 'inline',
    'cache-control': 'private, no-store',
    'accept-ranges': 'bytes',
    etag: entityTag,
  });
  // A range of what it was once is no range of what it is (RFC 9110 §13.1.5).
  const ifRange = request.headers['if-range'];
  const asked = ifRange === undefined || ifRange === entityTag ? rangeOf(request.headers.range, bytes) : 'all';
  if (asked === 'none') return reply.code(416).header('content-range', `bytes */${bytes}`).send();
  const span = asked === 'all' ? { from: 0, to: bytes } : asked;
  const opened = await open(span);
  if (!opened.ok) {
    reply.removeHeader('content-disposition').removeHeader('accept-ranges').removeHeader('etag');
    return answerProblem(reply, opened.error);
  }
  if (asked !== 'all') void reply.code(206).header('content-range', `bytes ${span.from}-${span.to - 1}/${bytes}`);
  void reply.header('content-length', span.to - span.from);
  return reply.send(Readable.from(opened.value, { objectMode: false }));
}
