import type { Choice } from '../../contract/agent-state.ts';
import { awayReasonId } from '../../contract/away-reasons.ts';
import { fail, type Result } from '../../contract/errors.ts';
import type { Office } from '../office.ts';

/** `agent.unknown-reason` where somebody asks to be away with a reason that there is not, or is no more; null for whatever else. */
export function unknownReason({ configuration }: Pick<Office, 'configuration'>, choice: Choice | null): Result<never> | null {
  const id = choice === null ? null : awayReasonId(choice);
  return id === null || configuration.plain.awayReason.some((reason) => reason.id === id) ? null : fail('agent.unknown-reason', `no reason ${id}`);
}
