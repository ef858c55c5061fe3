import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
const encoded = (text: string): string => encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * What S3 would say of a request's signature (AWS Signature Version 4, written from its description and not by what signs here);
 * null: nothing.
 */
export function objectionTo({ method = '', url = '', headers }: IncomingMessage, body: Buffer, secret: string): string | null {
  const [, keyId, date, region, names, given] = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([\da-f]{64})$/.exec(headers.authorization ?? '') ?? [];
  if (keyId === undefined || date === undefined || region === undefined || names === undefined) return 'AccessDenied';
  const { pathname, searchParams } = new URL(url, 'http://host');
  const query = [...searchParams].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).toSorted().join('&');
  const bodyHash = String(headers['x-amz-content-sha256']);
  const canonical = [method, pathname, query, ...names.split(';').map((name) => `${name}:${String(headers[name])}`), '', names, bodyHash].join('\n');
  const scope = `${date}/${region}/s3/aws4_request`;
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), 's3'), 'aws4_request');
  const signature = hmac(key, ['AWS4-HMAC-SHA256', String(headers['x-amz-date']), scope, sha256(canonical)].join('\n')).toString('hex');
  if (signature !== given || !names.split(';').includes('host')) return 'SignatureDoesNotMatch';
  return bodyHash === 'UNSIGNED-PAYLOAD' || bodyHash === sha256(body) ? null : 'XAmzContentSHA256Mismatch';
}
