import { z } from 'zod';

const HOUR_MS = 3_600_000;
/** A month: longer than a wall display goes without anybody passing by. */
const MOST_HOURS = 720;

const Hours = z.coerce.number<string>().int().min(1).max(MOST_HOURS);

/** When a session of the web edition ends by itself; never in a call. */
export interface WebSettings {
  /** Nobody has done anything for so long. */
  idleMs: number;
  /** Since the sign-in. */
  absoluteMs: number;
}

export const webEnvironment = {
  SANGDAM_WEB_IDLE_HOURS: Hours.default(12),
  SANGDAM_WEB_SESSION_HOURS: Hours.default(24),
};

export const webSettings = ({ SANGDAM_WEB_IDLE_HOURS, SANGDAM_WEB_SESSION_HOURS }: { SANGDAM_WEB_IDLE_HOURS: number; SANGDAM_WEB_SESSION_HOURS: number }): WebSettings => ({
  idleMs: SANGDAM_WEB_IDLE_HOURS * HOUR_MS,
  absoluteMs: SANGDAM_WEB_SESSION_HOURS * HOUR_MS,
});
