/** What the updater may do at one moment. */
export type UpdateMove = 'off' | 'wait' | 'check';

export interface UpdateMoment {
  /** Folder of the update server; null: updates come by other means. */
  url: string | null;
  packaged: boolean;
  /** A call rings or is talked in, or waits for its after-call work. */
  busy: boolean;
  /** What has been downloaded already waits for a restart. */
  downloaded: boolean;
}

/** Asked every few hours, with a random part, so that 500 desks do not come at once. */
export const CHECK_EVERY_MS = 4 * 60 * 60_000;

/** Downloads take bandwidth from a call's audio, so they wait for its end. */
export function updateMove({ url, packaged, busy, downloaded }: UpdateMoment): UpdateMove {
  if (url === null || !packaged || downloaded) return 'off';
  return busy ? 'wait' : 'check';
}

/** Delay until the next look: between half and the whole of the interval. */
export const nextCheckMs = (random: () => number): number => CHECK_EVERY_MS / 2 + (random() * CHECK_EVERY_MS) / 2;
