import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../ports.ts';
import type { Database } from '../store/tables.ts';
import { createFolderStore } from './folder.ts';
import { Media } from './media.ts';

export { keepRecording, soundOf } from './pcm.ts';
export { Media, type NewObject, type OpenObject } from './media.ts';
export { MediaStoreError, type MediaStore } from './store.ts';

/** Where an installation keeps its objects. */
export const MediaSettings = z.object({ kind: z.literal('folder'), folder: z.string() });
export type MediaSettings = z.infer<typeof MediaSettings>;

/** The installation's objects. @param key the installation's, which wraps theirs; null, in tests: none */
export const openMedia = ({ settings, ...parts }: { db: Database; key: Uint8Array | null; settings: MediaSettings; clock: Pick<Clock, 'now'> }): Media =>
  new Media({ ...parts, store: createFolderStore(settings.folder), incoming: join(settings.folder, 'incoming') });
