/** Who hears what becomes of writes, in either dialect. */
export interface WriteWatch {
  beforeWrite(): void;
  written(): void;
  failed(error: unknown): void;
}

/** For a worker, whose center watches for both. */
export const unwatched: WriteWatch = { beforeWrite: () => {}, written: () => {}, failed: () => {} };
