import { join } from 'node:path';
import { z } from 'zod';
import type { MediaSettings, S3Settings } from '../center/media/index.ts';
import { fail, ok, type Result } from '../contract/errors.ts';
import { secretOf } from './secret-setting.ts';

export const mediaEnvironment = {
  SANGDAM_S3_ENDPOINT: z.string().min(1).optional(),
  SANGDAM_S3_REGION: z.string().regex(/^[\w-]+$/, 'is the name of a region').default('us-east-1'),
  SANGDAM_S3_BUCKET: z.string().regex(/^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/, 'is no name of a bucket: 3 to 63 small letters, digits, dots and hyphens').optional(),
  SANGDAM_S3_PREFIX: z.string().regex(/^(?:[\w.-]+\/)*[\w.-]*$/, 'letters, digits, -, _ and . between slashes, none at the beginning').default(''),
  SANGDAM_S3_KEY_ID: z.string().min(1).optional(),
  SANGDAM_S3_SECRET: z.string().min(1).optional(),
  SANGDAM_S3_SECRET_FILE: z.string().min(1).optional(),
  SANGDAM_S3_STYLE: z.enum(['path', 'host']).default('path'),
  SANGDAM_S3_PLAIN_HTTP: z.enum(['0', '1']).default('0'),
};

const Parsed = z.object(mediaEnvironment);
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** The S3-compatible store that sounds are kept in; null: a folder of the data folder. */
export function s3Setting(environment: z.infer<typeof Parsed>): Result<S3Settings | null> {
  const { SANGDAM_S3_ENDPOINT: endpoint, SANGDAM_S3_BUCKET: bucket, SANGDAM_S3_KEY_ID: keyId, SANGDAM_S3_SECRET, SANGDAM_S3_SECRET_FILE, SANGDAM_S3_PREFIX: prefix } = environment;
  if (endpoint === undefined) {
    const beside = (['SANGDAM_S3_BUCKET', 'SANGDAM_S3_KEY_ID', 'SANGDAM_S3_SECRET', 'SANGDAM_S3_SECRET_FILE'] as const).find((name) => environment[name] !== undefined);
    return beside === undefined ? ok(null) : fail('input.invalid', `SANGDAM_S3_ENDPOINT: needed beside ${beside}`);
  }
  const objection = objectionTo(endpoint, environment.SANGDAM_S3_PLAIN_HTTP === '1');
  if (objection !== null) return fail('input.invalid', `SANGDAM_S3_ENDPOINT: ${objection}`);
  if (bucket === undefined) return fail('input.invalid', 'SANGDAM_S3_BUCKET: needed');
  if (keyId === undefined) return fail('input.invalid', 'SANGDAM_S3_KEY_ID: needed');
  const secret = secretOf('SANGDAM_S3_SECRET', SANGDAM_S3_SECRET, SANGDAM_S3_SECRET_FILE);
  if (!secret.ok) return secret;
  return ok({ endpoint: new URL(endpoint).origin, region: environment.SANGDAM_S3_REGION, bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`, keyId, secret: secret.value, style: environment.SANGDAM_S3_STYLE });
}

/** Where an installation with this data folder keeps its sounds. */
export function mediaSettings(dataFolder: string, s3: S3Settings | null): MediaSettings {
  const folder = join(dataFolder, 'media');
  return s3 === null ? { kind: 'folder', folder } : { kind: 's3', folder, s3 };
}

function objectionTo(text: string, mayBePlain: boolean): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.pathname !== '/' || url.search !== '' || url.username !== '') return 'is not https://HOST or https://HOST:PORT (bucket and prefix have variables of their own)';
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname) && !mayBePlain) return 'https, or SANGDAM_S3_PLAIN_HTTP=1 where nobody else is on the way: what is kept is encrypted, but who sees a request may repeat it';
  return null;
}
