import { z } from 'zod';
import { NextStep } from './second-factor.ts';

/**
 * Every code a boundary may answer with, and its HTTP status (RFC 9110 §15): a 4xx can be put right by the person, a 503 by
 * waiting or by an operator, a 500 is a defect.
 * The text a person reads is chosen from the code in their language; `message` is for logs and developers.
 */
export const errorStatuses = {
  'auth.invalid': 401,
  'auth.expired': 401,
  'auth.rate-limited': 429,
  'auth.replaced': 401,
  'auth.busy-elsewhere': 409,
  'auth.demo-refused': 403,
  'auth.second-factor-needed': 401,
  'auth.factor-invalid': 401,
  'auth.factor-setup-needed': 403,
  'auth.recovery-codes-given': 403,
  'auth.password-change-needed': 403,
  'auth.password-expired': 403,
  'auth.password-weak': 400,
  'auth.disabled': 403,
  /** A wallboard link or a key that was ended. */
  'auth.revoked': 401,
  forbidden: 403,
  'not-found': 404,
  'input.invalid': 400,
  'input.too-large': 413,
  'command.unknown': 400,
  'rate-limited': 429,
  'agent.illegal-transition': 400,
  /** Away with a reason that there is not, or is no more. */
  'agent.unknown-reason': 400,
  'agent.phone-not-registered': 400,
  'agent.no-microphone': 400,
  'agent.on-call': 409,
  'contact.not-found': 400,
  'contact.action-not-allowed': 400,
  'contact.held-at-phone': 400,
  'contact.disposition-required': 400,
  'contact.conflict': 409,
  'target.unknown': 400,
  'target.busy': 400,
  'target.unavailable': 400,
  'number.invalid': 400,
  'dial.class-forbidden': 400,
  'dial.limit-reached': 400,
  'dial.blocked': 400,
  'link.invalid': 400,
  'customer.not-found': 400,
  'customer.number-taken': 409,
  'customer.numbers-full': 400,
  'customer.conflict': 409,
  'configuration.conflict': 409,
  /** `present` is a list of problems. */
  'configuration.invalid': 422,
  'setup.code-wrong': 403,
  /** Nobody used it in time: the next start of the center makes another. */
  'setup.code-expired': 403,
  'setup.done': 409,
  /** `present` is a list of problems, each with its field. */
  'setup.invalid': 422,
  'invitation.unknown': 404,
  'invitation.expired': 410,
  /** A password was chosen with it, or a newer invitation took its place. */
  'invitation.used': 410,
  'center.unreachable': 503,
  'center.timeout': 503,
  'center.untrusted': 503,
  /** By http:// beyond this machine: passwords would be read on the way. */
  'center.insecure': 400,
  'center.unknown': 400,
  /** It is of before the oldest version that the center still understands. */
  'desk.too-old': 426,
  /** The same the other way round. */
  'center.too-old': 503,
  'store.unavailable': 503,
  'switch.unavailable': 503,
  'switch.channel-gone': 503,
  'switch.bridge-gone': 503,
  'switch.failed': 503,
  'media.no-window': 503,
  'media.timeout': 503,
  'media.failed': 503,
  'media.denied': 400,
  'phone.not-registered': 503,
  'phone.no-call': 400,
  'cache.unavailable': 503,
  'session.not-signed-in': 400,
  'settings.managed': 400,
  'settings.invalid': 400,
  'settings.not-saved': 503,
  'file.not-saved': 503,
  /** Its bytes are of no type that is taken there, whatever it is called. */
  'file.wrong-type': 415,
  'file.in-use': 409,
  /** What is kept is not as it was written, or has lost its key. */
  'file.damaged': 503,
  'host.unsupported': 400,
  unexpected: 500,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof errorStatuses;

export const ErrorCode = z.enum(Object.keys(errorStatuses) as [ErrorCode, ...ErrorCode[]]);

/** Whether the person can put it right: it is neither an outage nor a defect, and tried again it would be answered alike. */
export const isOfPerson = (code: ErrorCode): boolean => errorStatuses[code] < 500;

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
