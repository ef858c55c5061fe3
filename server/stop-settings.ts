import { z } from 'zod';

/** An hour: longer than any call that should hold a stop up. */
const LONGEST_DRAIN_S = 3600;

export const stopEnvironment = {
  SANGDAM_STOP_DRAIN_S: z.coerce.number<string>().int().min(0).max(LONGEST_DRAIN_S).default(0),
};
