import { useI18n } from 'vue-i18n';
import type { ConfigurationObject, ConfigurationProblem } from '../../../contract/configuration.ts';

/** What is wrong, in words, with the names that people know things by. */
export function useProblemText(objects: () => readonly ConfigurationObject[]): (problem: ConfigurationProblem) => string {
  const { t } = useI18n();

  /** The name of `flow main`; where it is not known here, what it is called inside. */
  const nameOf = (other: string): string => {
    const [kind, id = ''] = other.split(' ', 2);
    const found = objects().find((object) => object.kind === kind && object.id === id);
    return found !== undefined && 'name' in found.value ? found.value.name : id;
  };

  return ({ kind, id, code, field, other }) => {
    const values = { name: nameOf(`${kind} ${id}`), other: code === 'callers-waiting' ? other : nameOf(other) };
    return t(`admin.problem.${code === 'taken' && field === 'extension' ? 'extensionTaken' : code.replaceAll('-', '_')}`, values);
  };
}
