import { z } from 'zod';
import { OpeningSpan, TimeZone } from './configuration.ts';
import { Label } from './label.ts';
import { AgentId, EpochMs, FlowId, GroupId } from './ids.ts';
import { TypedPerson } from './new-people.ts';

/** A center's first set-up: everything that calls need, at once. */
export const FirstOffice = z.strictObject({
  company: Label,
  timeZone: TimeZone,
  /** Signs in with the password that is chosen here. */
  administrator: z.strictObject({ account: z.string().regex(/^[a-z\d][a-z\d._-]{1,62}$/i, '2 to 63 letters, digits, dots, hyphens or underscores'), name: Label, password: z.string().min(1).max(256) }),
  /** `hours`: those of this group alone. */
  groups: z.array(z.strictObject({ name: Label, hours: z.array(OpeningSpan).max(100).optional() })).max(100).default([]),
  people: z.array(TypedPerson).max(1000).default([]),
  /** Representative numbers as people write them; each leads to a group, by name (left out: the first), after a greeting. */
  numbers: z.array(z.strictObject({ number: z.string().min(1).max(40), name: Label.optional(), group: Label.optional() })).max(100).default([]),
  /** When every group is open that does not say otherwise; none: always. */
  hours: z.array(OpeningSpan).max(100).default([]),
});
export type FirstOffice = z.output<typeof FirstOffice>;

/** What is wrong with one part of a request: `field` is its path, as `people.3.account`, counted from 0. */
export const FieldProblem = z.object({ field: z.string(), code: z.string(), other: z.string() });
export type FieldProblem = z.infer<typeof FieldProblem>;

/** A link by which one person chooses their password, once, until it expires. `path` goes after the center's address; it is told once. */
export const Invitation = z.object({ path: z.string(), expiresAt: EpochMs });
export type Invitation = z.infer<typeof Invitation>;

export const InvitedPerson = z.object({ agentId: AgentId, account: z.string(), name: z.string(), extension: z.string().nullable(), version: z.string(), invitation: Invitation });
export type InvitedPerson = z.infer<typeof InvitedPerson>;

/** What a set-up has made, and how its people get in. */
export const FirstOfficeMade = z.object({
  company: z.string(),
  timeZone: z.string(),
  administrator: z.object({ agentId: AgentId, account: z.string() }),
  groups: z.array(z.object({ groupId: GroupId, name: z.string() })),
  numbers: z.array(z.object({ number: z.string(), name: z.string(), flowId: FlowId })),
  people: z.array(InvitedPerson),
});
export type FirstOfficeMade = z.infer<typeof FirstOfficeMade>;
