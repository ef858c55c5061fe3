import { z } from 'zod';
import { AgentId, ContactId, EpochMs } from './ids.ts';

/**
 * How a supervisor takes part in an agent's call: hears both and is heard by nobody; is heard by the agent alone; or
 * talks with both.
 */
export const SupervisionMode = z.enum(['listen', 'whisper', 'barge']);
export type SupervisionMode = z.infer<typeof SupervisionMode>;

/** A supervisor's part in an agent's call, as the supervisor's own desk sees it. */
export const SupervisionView = z.object({
  /** On whom. */
  agentId: AgentId,
  contactId: ContactId,
  mode: SupervisionMode,
  /** `calling`: the supervisor's own phone is being called, and nobody is heard yet. */
  state: z.enum(['calling', 'up']),
  since: EpochMs,
  /** Matches the `X-Sangdam-Leg` header of the SIP dialog, which the desk answers by itself. */
  dialogKey: z.string(),
});
export type SupervisionView = z.infer<typeof SupervisionView>;

/** Who takes part in an agent's call beside its parties, as the agent sees it: nobody listens unseen. */
export const SupervisorPresence = z.object({ agentId: AgentId, name: z.string(), mode: SupervisionMode });
export type SupervisorPresence = z.infer<typeof SupervisorPresence>;
