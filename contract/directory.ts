import { z } from 'zod';
import { AgentState } from './agent-state.ts';
import { AgentId, DispositionId, EpochMs, GroupId } from './ids.ts';
import { Duty, KeyScope, Role, SignInKind } from './permissions.ts';

/** One agent as others see them: the directory, the wallboard, the picker of a consultation. */
export const AgentCard = z.object({
  agentId: AgentId,
  name: z.string(),
  extension: z.string(),
  role: Role,
  groupIds: z.array(GroupId),
  state: AgentState,
  /** When the present state began. */
  since: EpochMs,
  /** False while the agent's desk has lost its connection. */
  connected: z.boolean(),
  /** Whether a phone is registered, so that a call would ring. */
  reachable: z.boolean(),
});
export type AgentCard = z.infer<typeof AgentCard>;

/** Who an agent is, without what they are doing. */
export const Colleague = AgentCard.pick({ agentId: true, name: true, extension: true, role: true, groupIds: true });
export type Colleague = z.infer<typeof Colleague>;

export const GroupCard = z.object({
  groupId: GroupId,
  name: z.string(),
  /** Closed by hours or by a supervisor: callers hear the closed announcement. */
  open: z.boolean(),
  /** Opened or closed by hand by a supervisor; null while the hours decide. */
  openOverride: z.boolean().nullable(),
  /** Service-level threshold T in milliseconds. */
  serviceLevelMs: z.number().int().positive(),
  wrapUpMs: z.number().int().nonnegative(),
  /** Nobody leaves after-call work of this group without a disposition. */
  dispositionRequired: z.boolean(),
  /** With nobody signed in callers are told so at once, instead of waiting. */
  refusesWhenEmpty: z.boolean(),
  maxWaiting: z.number().int().nonnegative(),
});
export type GroupCard = z.infer<typeof GroupCard>;

export const Disposition = z.object({ dispositionId: DispositionId, name: z.string(), groupId: GroupId.nullable() });
export type Disposition = z.infer<typeof Disposition>;

/** Who is signed in. */
export const Me = z.object({
  agentId: AgentId,
  account: z.string(),
  name: z.string(),
  role: Role,
  /** Centers from before there were any say nothing of duties and kinds: everybody had a desk. */
  duties: z.array(Duty).default([]),
  kind: SignInKind.default('desk'),
  scopes: z.array(KeyScope).optional(),
  /** Null: this sign-in has no telephone. */
  extension: z.string().nullable(),
  groupIds: z.array(GroupId),
});
export type Me = z.infer<typeof Me>;
