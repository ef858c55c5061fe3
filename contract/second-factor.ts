import { z } from 'zod';

/** What a person may give beside their password: a code of their app, a recovery code, a passkey. */
export const SecondFactor = z.enum(['totp', 'recovery', 'passkey']);
export type SecondFactor = z.infer<typeof SecondFactor>;

/** What is left to do of a sign-in, with the error that says so. */
export const NextStep = z.object({
  /** Good once, for minutes, and for that step alone. */
  ticket: z.string().max(64),
  /** Of `auth.second-factor-needed`: any of these. */
  factors: z.array(SecondFactor),
  /** Of `auth.factor-setup-needed`: a new secret for an authenticator app, in base32 for typing and as an `otpauth://` address. */
  authenticator: z.object({ secret: z.string().max(128), uri: z.string().max(512) }).optional(),
  /** Of `auth.recovery-codes-given`: shown once, each good once. */
  recoveryCodes: z.array(z.string().max(32)).max(20).optional(),
});
export type NextStep = z.infer<typeof NextStep>;
