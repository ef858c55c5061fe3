import { z } from 'zod';
import { Job } from '../job.ts';
import { MediaId, MediaObject, MOST_UPLOAD_BYTES } from '../media.ts';
import { EpochMs } from '../ids.ts';
import { GivenBytes, type Endpoint } from './endpoint.ts';

export const mediaEndpoints = {
  'media.upload': {
    method: 'POST',
    path: '/media',
    summary: 'Brings a sound, as the body: WAV (PCM, float or G.711). What it is, is found out from its bytes. Nobody uses it yet: a day later it is gone, unless it was prepared and the result is used.',
    scope: 'announcements.write',
    request: z.strictObject({}),
    response: MediaObject,
    takes: { mostBytes: MOST_UPLOAD_BYTES },
    creates: true,
    audited: { subject: null },
  },
  'media.prepare': {
    method: 'POST',
    path: '/media/:mediaId/announcement',
    summary: 'Makes an announcement of a sound that was brought: of even loudness, and as a telephone takes it. The job’s result names the new object.',
    scope: 'announcements.write',
    request: z.strictObject({ mediaId: MediaId }),
    response: Job,
    audited: { subject: 'mediaId', by: 'store' },
  },
  'media.get': {
    method: 'GET',
    path: '/media/:mediaId',
    summary: 'What is known of an object: what it is, how many bytes, who brought it.',
    scope: 'configuration.read',
    request: z.strictObject({ mediaId: MediaId }),
    response: MediaObject,
  },
  'media.content': {
    method: 'GET',
    path: '/media/:mediaId/content',
    summary: 'The bytes of an object, all or a range of them. By the token of a sign-in, or by a signed address.',
    scope: 'configuration.read',
    request: z.strictObject({ mediaId: MediaId }),
    response: GivenBytes,
    gives: 'bytes',
  },
  'media.sign': {
    method: 'POST',
    path: '/media/:mediaId/address',
    summary: 'An address of an object’s bytes that is good for a minute without a token, as whoever asked for it: for what plays a sound and sends no headers.',
    scope: 'configuration.read',
    request: z.strictObject({ mediaId: MediaId }),
    response: z.object({ path: z.string(), expiresAt: EpochMs }),
  },
} as const satisfies Record<string, Endpoint>;
