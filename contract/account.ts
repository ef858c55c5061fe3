import { z } from 'zod';
import { AgentId, EpochMs } from './ids.ts';
import { Role } from './permissions.ts';

/*
 * The REST interface of accounts, under `/api/auth`. What a person does to their own account takes their password once
 * more.
 */

const Password = z.string().min(1).max(256);
const Ticket = z.string().min(1).max(64);
/** A browser's WebAuthn answer: it is verified by the library that knows its format. */
const WebAuthnAnswer = z.looseObject({ id: z.string().max(2048) });

/**
 * `POST /api/auth/factor`: the second step of a sign-in. Of who has to set a factor up first: the first code of the new
 * secret (`enrol`), and that the recovery codes are kept.
 */
export const FactorRequest = z.strictObject({
  ticket: Ticket,
  answer: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('totp'), code: z.string().regex(/^\d{6}$/) }),
    z.strictObject({ kind: z.literal('recovery'), code: z.string().min(16).max(32) }),
    z.strictObject({ kind: z.literal('passkey'), response: WebAuthnAnswer }),
    z.strictObject({ kind: z.literal('enrol'), code: z.string().regex(/^\d{6}$/) }),
    z.strictObject({ kind: z.literal('kept') }),
  ]),
});
export type FactorRequest = z.infer<typeof FactorRequest>;

/** `POST /api/auth/factor/passkey-options`: what to ask the authenticator. */
export const PasskeyOptionsRequest = z.strictObject({ ticket: Ticket });

/** `POST /api/auth/new-password`: the step of a sign-in whose password has to be changed. */
export const NewPasswordRequest = z.strictObject({ ticket: Ticket, password: Password });
export type NewPasswordRequest = z.infer<typeof NewPasswordRequest>;

/** `POST /api/auth/password`: one's own. Other sign-ins of the same person end. */
export const ChangePasswordRequest = z.strictObject({ current: Password, next: Password });
/** What has to be confirmed by the password. */
export const Confirmed = z.strictObject({ password: Password });
export const ConfirmTotpRequest = z.strictObject({ code: z.string().regex(/^\d{6}$/) });
export const RegisterPasskeyRequest = z.strictObject({ response: WebAuthnAnswer, label: z.string().trim().min(1).max(64) });
export const RemovePasskeyRequest = z.strictObject({ password: Password, credentialId: z.string().min(1).max(2048) });

/** `GET /api/auth/account`: how one's own account is protected. */
export const AccountView = z.object({
  account: z.string(),
  passwordChangedAt: EpochMs,
  totp: z.boolean(),
  recoveryCodesLeft: z.number().int().nonnegative(),
  passkeys: z.array(z.object({ credentialId: z.string(), label: z.string(), createdAt: EpochMs, lastUsedAt: EpochMs.nullable() })),
});
export type AccountView = z.infer<typeof AccountView>;

/** What happens at the door of an account that its person is told of, by the name it has in the audit log. */
export const DoorAction = z.enum(['auth.signed-in', 'auth.refused', 'auth.rate-limited', 'auth.signed-out', 'auth.signed-out-everywhere', 'auth.factor-refused', 'auth.recovery-code-used', 'auth.refresh-replayed', 'auth.password-changed', 'auth.password-reset']);
export type DoorAction = z.infer<typeof DoorAction>;

/** Somebody came to the door of one's own account, or was turned away there: when, from which network address, with which edition. */
export const AtTheDoor = z.object({ at: EpochMs, action: DoorAction, address: z.string(), client: z.string().nullable() });
export type AtTheDoor = z.infer<typeof AtTheDoor>;

/** An account as administrators see it. */
export const AccountSummary = z.object({ agentId: AgentId, account: z.string(), role: Role, disabled: z.boolean(), mustChange: z.boolean() });
export type AccountSummary = z.infer<typeof AccountSummary>;

/** Shown once, good until then and for choosing another. */
export const TemporaryPassword = z.object({ password: z.string(), expiresAt: EpochMs });
export type TemporaryPassword = z.infer<typeof TemporaryPassword>;
