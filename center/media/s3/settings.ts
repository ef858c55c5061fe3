import { z } from 'zod';

/** An S3-compatible store, and what opens it. */
export const S3Settings = z.object({
  /** `https://HOST[:PORT]`, without a path. */
  endpoint: z.string(),
  region: z.string(),
  bucket: z.string(),
  /** What the names of our objects begin with there; empty, or with a slash at its end. */
  prefix: z.string(),
  keyId: z.string(),
  secret: z.string(),
  /** Where the bucket's name stands: in the path, or before the host's name. */
  style: z.enum(['path', 'host']),
});
export type S3Settings = z.infer<typeof S3Settings>;

/** The address of an object, or of the bucket itself. */
export function addressOf({ endpoint, bucket, style }: S3Settings, key: string, query: Readonly<Record<string, string>> = {}): URL {
  const url = new URL(endpoint);
  if (style === 'host') url.hostname = `${bucket}.${url.hostname}`;
  const path = key.split('/').map(encodeURIComponent).join('/');
  url.pathname = style === 'host' ? `/${path}` : `/${bucket}${path === '' ? '' : `/${path}`}`;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}
