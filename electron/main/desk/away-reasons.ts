import type { Choice } from '../../../contract/agent-state.ts';
import { awayChoice, awayName, awayReasonId, awayReasonsOf, choosable } from '../../../contract/away-reasons.ts';
import type { SessionView } from '../../../contract/bridge/index.ts';
import type { Language } from './texts.ts';

/** The reasons to be away that the desktop's own surfaces offer: nowhere else does it know them. */
export const awayItems = ({ setUp }: SessionView, language: Language): { id: string; label: string; choice: Choice }[] =>
  choosable(awayReasonsOf(setUp)).map(({ id }) => ({ id, label: awayName(awayReasonsOf(setUp), id, language), choice: awayChoice(id) }));

/** The name of the reason that a choice or a state names; null where it names none. */
export function awayWord({ setUp }: SessionView, of: Parameters<typeof awayReasonId>[0], language: Language): string | null {
  const id = awayReasonId(of);
  return id === null ? null : awayName(awayReasonsOf(setUp), id, language);
}
