import { z } from 'zod';
import { NextStep } from './second-factor.ts';

/**
 * Every code a boundary may answer with, and its kind:
 * `user` can be put right by the person, `operational` by waiting or by an operator, `unexpected` is a defect.
 * The text a person reads is chosen from the code in their language; `message` is for logs and developers.
 */
export const errorKinds = {
  'auth.invalid': 'user',
  'auth.expired': 'user',
  'auth.rate-limited': 'user',
  'auth.replaced': 'user',
  'auth.busy-elsewhere': 'user',
  'auth.demo-refused': 'user',
  'auth.second-factor-needed': 'user',
  'auth.factor-invalid': 'user',
  'auth.factor-setup-needed': 'user',
  'auth.recovery-codes-given': 'user',
  'auth.password-change-needed': 'user',
  'auth.password-expired': 'user',
  'auth.password-weak': 'user',
  'auth.disabled': 'user',
  /** A wallboard link or a key that was ended. */
  'auth.revoked': 'user',
  forbidden: 'user',
  'not-found': 'user',
  'input.invalid': 'user',
  'input.too-large': 'user',
  'command.unknown': 'user',
  'rate-limited': 'user',
  'agent.illegal-transition': 'user',
  'agent.phone-not-registered': 'user',
  'agent.no-microphone': 'user',
  'agent.on-call': 'user',
  'contact.not-found': 'user',
  'contact.action-not-allowed': 'user',
  'contact.held-at-phone': 'user',
  'contact.disposition-required': 'user',
  'contact.conflict': 'user',
  'target.unknown': 'user',
  'target.busy': 'user',
  'target.unavailable': 'user',
  'number.invalid': 'user',
  'dial.class-forbidden': 'user',
  'dial.limit-reached': 'user',
  'dial.blocked': 'user',
  'link.invalid': 'user',
  'customer.not-found': 'user',
  'customer.number-taken': 'user',
  'customer.numbers-full': 'user',
  'customer.conflict': 'user',
  'configuration.conflict': 'user',
  /** `present` is a list of problems. */
  'configuration.invalid': 'user',
  'setup.code-wrong': 'user',
  /** Nobody used it in time: the next start of the center makes another. */
  'setup.code-expired': 'user',
  'setup.done': 'user',
  /** `present` is a list of problems, each with its field. */
  'setup.invalid': 'user',
  'invitation.unknown': 'user',
  'invitation.expired': 'user',
  /** A password was chosen with it, or a newer invitation took its place. */
  'invitation.used': 'user',
  'center.unreachable': 'operational',
  'center.timeout': 'operational',
  'center.untrusted': 'operational',
  /** By http:// beyond this machine: passwords would be read on the way. */
  'center.insecure': 'user',
  'center.unknown': 'user',
  'store.unavailable': 'operational',
  'switch.unavailable': 'operational',
  'switch.channel-gone': 'operational',
  'switch.bridge-gone': 'operational',
  'switch.failed': 'operational',
  'media.no-window': 'operational',
  'media.timeout': 'operational',
  'media.failed': 'operational',
  'media.denied': 'user',
  'phone.not-registered': 'operational',
  'phone.no-call': 'user',
  'cache.unavailable': 'operational',
  'session.not-signed-in': 'user',
  'settings.managed': 'user',
  'settings.invalid': 'user',
  'settings.not-saved': 'operational',
  'file.not-saved': 'operational',
  /** Its bytes are of no type that is taken there, whatever it is called. */
  'file.wrong-type': 'user',
  'file.in-use': 'user',
  /** What is kept is not as it was written, or has lost its key. */
  'file.damaged': 'operational',
  'host.unsupported': 'user',
  unexpected: 'unexpected',
} as const satisfies Record<string, ErrorKind>;

export type ErrorKind = 'user' | 'operational' | 'unexpected';
export type ErrorCode = keyof typeof errorKinds;

export const ErrorCode = z.enum(Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]]);

export const AppError = z.object({
  code: ErrorCode,
  message: z.string(),
  /** When a rate limit or an outage is over, where that is known. */
  retryAfterMs: z.number().nonnegative().optional(),
  /** What there is now, where a write was based on something older (`….conflict`), or what stands in its way (`customer.number-taken`): whoever reads it parses it as what it wanted to change. */
  present: z.unknown().optional(),
  /** Of `auth.second-factor-needed`, `auth.factor-setup-needed`, `auth.recovery-codes-given` and `auth.password-change-needed`. */
  step: NextStep.optional(),
});
export type AppError = z.infer<typeof AppError>;

/** What every boundary answers: a value, or an error with a code. Nothing throws across a boundary. */
export type Result<Value> = { ok: true; value: Value } | { ok: false; error: AppError };

export const resultOf = <Schema extends z.ZodType>(value: Schema) =>
  z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), error: AppError }),
  ]);

export const ok = <Value>(value: Value): { ok: true; value: Value } => ({ ok: true, value });
export const done = (): { ok: true; value: null } => ({ ok: true, value: null });

export const fail = (code: ErrorCode, message: string, retryAfterMs?: number): { ok: false; error: AppError } => ({
  ok: false,
  error: retryAfterMs === undefined ? { code, message } : { code, message, retryAfterMs },
});

/** Somebody has changed what this write was based on: nothing was written, and the writer sees what there is now. */
export const conflict = (code: Extract<ErrorCode, `${string}.conflict`>, message: string, present: unknown): { ok: false; error: AppError } => ({ ok: false, error: { code, message, present } });

/** For the end of an exhaustive switch: the compiler proves it unreachable, and it throws should data lie. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/** A function that undoes a subscription. Calling it twice is harmless. */
export type Disposer = () => void;
