import { z } from 'zod';
import { AgentId, CustomerId, EpochMs } from './ids.ts';

const Count = z.number().int().nonnegative();

/** Who did what to whom, from where. `note`: what a person wrote, or what something was before and after; null: there was none, or it has been erased. */
export const AuditRecord = z.object({
  id: Count,
  at: EpochMs,
  /** Null for someone who was not signed in, or the center itself. */
  actor: AgentId.nullable(),
  action: z.string(),
  subject: z.string(),
  /** Network address; empty for the center itself. */
  address: z.string(),
  details: z.record(z.string(), z.unknown()),
  note: z.string().nullable(),
});
export type AuditRecord = z.infer<typeof AuditRecord>;

/** That somebody saw personal data beyond the call they were on. `customerId` is null where it was many people's. */
export const AccessRecord = z.object({
  id: Count,
  at: EpochMs,
  agentId: AgentId,
  address: z.string(),
  kind: z.enum(['sync', 'customer', 'search', 'history']),
  customerId: CustomerId.nullable(),
  customers: Count,
  contacts: Count,
});
export type AccessRecord = z.infer<typeof AccessRecord>;

/** The two logs that somebody reads who is to know who did what. */
export const AuditedLog = z.enum(['audit', 'access']);
export type AuditedLog = z.infer<typeof AuditedLog>;

export const ExportFormat = z.enum(['csv', 'ndjson']);
export type ExportFormat = z.infer<typeof ExportFormat>;

/** A log of a period, `to` not included. Words of a CSV's head are of the language. */
export const AuditExport = z.strictObject({ of: AuditedLog, format: ExportFormat, from: EpochMs, to: EpochMs, language: z.enum(['ko', 'en']).default('ko') });
export type AuditExport = z.infer<typeof AuditExport>;
