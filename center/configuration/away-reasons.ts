import { MOST_AWAY_REASONS } from '../../contract/away-reason.ts';
import { firstAwayRecords } from '../../contract/away-reasons.ts';
import type { ConfigurationProblem } from '../../contract/configuration.ts';
import { watchAbsences } from '../agents/absences.ts';
import type { PlainRules } from './plain-kinds.ts';
import type { Configuration } from './records.ts';

/** Reasons to be away. */
export const awayReason: PlainRules<'awayReason'> = {
  first: firstAwayRecords,
  // Agents are away with it yet, and the log names it.
  keepsLast: true,
  problemsOf: ({ plain, former }) => [...nameProblems(plain.awayReason), ...countProblems(plain.awayReason, former.awayReason)],
  attend: watchAbsences,
};

type Reasons = Configuration['plain']['awayReason'];
const problem = (id: string, code: ConfigurationProblem['code'], field: string, other = ''): ConfigurationProblem => ({ kind: 'awayReason', id, code, field, other });

/** Whoever chooses reads one language: in each of them a name is there once. */
function nameProblems(reasons: Reasons): ConfigurationProblem[] {
  const names = { name: new Map<string, string>(), english: new Map<string, string>() };
  return reasons.flatMap(({ id, value }) => {
    const found = (['name', 'english'] as const).flatMap((field) => {
      const shown = (field === 'name' || value.english === '' ? value.name : value.english).toLowerCase();
      const namesake = names[field].get(shown);
      names[field].set(shown, id);
      return namesake === undefined ? [] : [problem(id, 'taken', value.english === '' ? 'name' : field, `awayReason ${namesake}`)];
    });
    // One name for both languages is taken once.
    return found.slice(0, 1);
  });
}

function countProblems(reasons: Reasons, former: Reasons): ConfigurationProblem[] {
  // Without one nobody could be away.
  if (reasons.length === 0) return [problem(former.at(-1)?.id ?? '', 'last-one', 'id')];
  return reasons.length > MOST_AWAY_REASONS ? [problem(reasons.at(-1)?.id ?? '', 'too-many', 'id', String(MOST_AWAY_REASONS))] : [];
}
