import { z } from 'zod';
import { temporaryPassword } from '../center/accounts/password-policy.ts';
import { spoken } from '../center/set-up/code.ts';

/** Who chooses the code chooses one that is not guessed at five tries in five minutes: so many characters of those that count, and some of them different. */
export const LEAST_SETUP_CODE = 12;

const LEAST_DIFFERENT = 5;

export const setUpEnvironment = {
  SANGDAM_SETUP_CODE: z
    .string()
    .trim()
    .max(128)
    .refine((code) => Array.from(spoken(code)).length >= LEAST_SETUP_CODE, `has at least ${LEAST_SETUP_CODE} characters besides spaces and hyphens`)
    .refine((code) => new Set(spoken(code)).size >= LEAST_DIFFERENT, `has at least ${LEAST_DIFFERENT} different characters`)
    .optional(),
};

/** A code for one set-up, four times four characters: 79 bits. */
export const makeSetUpCode = temporaryPassword;

/**
 * What whoever starts a center without an administrator is told, on the terminal and never in the log.
 * @param code null where they chose it themselves, and know it
 */
export function setUpWords(address: string, code: string | null): string {
  return `
Sangdam is running, and has still to be set up.

  Open      ${address}/
  Code      ${code ?? 'the one of SANGDAM_SETUP_CODE'}

The code is good for a day, and for one set-up.
`;
}
