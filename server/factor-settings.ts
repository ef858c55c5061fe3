import { z } from 'zod';
import { Role } from '../contract/permissions.ts';

/** Roles, comma-separated, whose accounts must have a second factor. */
export const factorEnvironment = {
  SANGDAM_SECOND_FACTOR: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((name) => name.trim()).filter((name) => name !== ''))
    .pipe(z.array(Role)),
};
