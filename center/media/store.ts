/*
 * The MediaStore port: where sealed objects are kept. What it is given is encrypted already (`sealing.ts`), and it needs no
 * secret of ours. Two kinds implement it, and the suite in test/unit/media holds for both.
 */

/** A part of what is kept, from its first byte to before its last. */
export interface Span {
  from: number;
  to: number;
}

export interface MediaStore {
  /**
   * Takes a file of this machine in, as a whole or not at all, and removes it.
   * @throws MediaStoreError `away`, `full`
   */
  take(name: string, file: string): Promise<void>;
  /**
   * The bytes of a span, as they come.
   * @throws MediaStoreError `gone` where there is no such object or it is shorter, `away` where that cannot be said
   */
  read(name: string, span: Span): AsyncIterable<Uint8Array>;
  /** One that is not there is removed just as well. */
  remove(name: string): Promise<void>;
  /** Everything in it, with when it was put there, in milliseconds of the epoch. */
  list(): AsyncIterable<{ name: string; at: number }>;
  /**
   * Whether it can be used at all.
   * @throws MediaStoreError that says why not, for who runs the center
   */
  check(): Promise<void>;
}

/** Why a store could not do it: it has no such thing, it cannot be reached, there is no room. */
export class MediaStoreError extends Error {
  readonly code: 'gone' | 'away' | 'full';

  constructor(code: MediaStoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MediaStoreError';
    this.code = code;
  }
}

/** What a file system says, in these words. */
export function ofFileSystem(error: unknown, doing: string): MediaStoreError {
  if (error instanceof MediaStoreError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = code === 'ENOENT' ? 'gone' : code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' ? 'full' : 'away';
  return new MediaStoreError(why, `${doing}: ${code === '' ? String(error) : code}`, { cause: error });
}
