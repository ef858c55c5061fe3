import { useI18n } from 'vue-i18n';
import type { PersonProblem } from '../../../contract/new-people.ts';

/** What is wrong with a row, in the person's language. `rowOf`: the row of the sheet that the center counts as this one. */
export function usePersonProblem(rowOf: (index: number) => number): (problem: PersonProblem) => string {
  const { t } = useI18n();
  const who = (other: string): string => {
    const row = /^row (\d+)$/.exec(other)?.[1];
    return row === undefined ? other.replace(/^(?:person|phone) /, '') : t('people.problems.ofRow', { n: rowOf(Number(row) - 1) });
  };
  return ({ field, code, other }) => {
    if (code === 'missing' || code === 'formula') return t(`people.problems.${code}`);
    if (code === 'taken') return t(field === 'account' ? 'people.problems.accountTaken' : 'people.problems.extensionTaken', { other: who(other) });
    if (field === 'role' || field === 'groups') return t(field === 'role' ? 'people.problems.role' : 'people.problems.group', { other });
    return t(`people.problems.${field}`);
  };
}
