import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../ports.ts';
import type { Database } from '../store/tables.ts';
import { createFolderStore } from './folder.ts';
import { Media } from './media.ts';
import { createS3Store } from './s3/index.ts';
import { S3Settings } from './s3/settings.ts';

export { keepRecording, soundOf } from './pcm.ts';
export { Media, type NewObject, type OpenObject } from './media.ts';
export { MediaStoreError, type MediaStore } from './store.ts';
export { S3Settings } from './s3/settings.ts';
export { watchMedia, type MediaWatch } from './watch.ts';

/** Where an installation keeps its objects, and the folder where they are written before: with a bucket they stay in it no longer than that. */
export const MediaSettings = z.discriminatedUnion('kind', [z.object({ kind: z.literal('folder'), folder: z.string() }), z.object({ kind: z.literal('s3'), folder: z.string(), s3: S3Settings })]);
export type MediaSettings = z.infer<typeof MediaSettings>;

/** The installation's objects. @param key the installation's, which wraps theirs; null, in tests: none */
export const openMedia = ({ settings, ...parts }: { db: Database; key: Uint8Array | null; settings: MediaSettings; clock: Pick<Clock, 'now'> }): Media =>
  new Media({ ...parts, store: settings.kind === 's3' ? createS3Store({ settings: settings.s3, now: () => parts.clock.now() }) : createFolderStore(settings.folder), incoming: join(settings.folder, 'incoming') });
