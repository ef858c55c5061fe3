import { done, fail, type Result } from '../contract/errors.ts';
import type { Calls } from './calls/calls.ts';
import { NotWritten } from './ports.ts';

/** Within this time what a person saves is on the disk, or they are told that it is not. */
const KEPT_WITHIN_MS = 2000;

/** Whether what a person has saved is on the disk, before they are told that it is saved. */
export interface Durability {
  /** `store.unavailable` unless everything so far is durable in time. */
  kept: () => Promise<Result<null>>;
  /** `store.unavailable` where nothing can be written now. */
  written: <Value>(write: Promise<Result<Value>>) => Promise<Result<Value>>;
}

export function createDurability({ parts: { journal, history, logger } }: Calls): Durability {
  return {
    async kept() {
      const [isLogged, isInHistory] = await Promise.all([journal.durable(KEPT_WITHIN_MS), history.durable(KEPT_WITHIN_MS)]);
      return isLogged && isInHistory ? done() : fail('store.unavailable', 'not written to the disk');
    },
    async written(write) {
      try {
        return await write;
      } catch (error) {
        if (!(error instanceof NotWritten) || error.why !== 'unwritable') throw error;
        logger.error({ err: error }, 'what a person saved could not be written');
        return fail('store.unavailable', 'not written to the disk');
      }
    },
  };
}
