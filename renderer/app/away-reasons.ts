import { computed, type Component, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { AgentState, Choice } from '../../contract/agent-state.ts';
import { awayChoice, awayName, awayReasonId, awayReasonsOf, choosable } from '../../contract/away-reasons.ts';
import { useSessionStore } from './stores/session.store.ts';

type Away = Extract<Choice, { kind: 'away' }>;

/** One reason that can be chosen, as a line of a menu. */
export interface AwayItem {
  id: string;
  label: string;
  choice: Away;
  icon?: Component;
}

export interface AwayReasons {
  /** What can be chosen at this center, in its order. */
  items: ComputedRef<AwayItem[]>;
  /** The word of an agent's state: the reason for one who is away. */
  wordOf: (state: AgentState) => string;
  /** The name of the reason of a choice. */
  nameOf: (choice: Away) => string;
  /** The reason's own colour, as CSS says it; undefined: the state's. */
  colorOf: (state: AgentState) => string | undefined;
}

/** The reasons to be away, wherever a window shows or offers them: nowhere else are they known. */
export function useAwayReasons(): AwayReasons {
  const { t, locale } = useI18n();
  const session = useSessionStore();
  const reasons = computed(() => awayReasonsOf(session.view?.setUp ?? {}));
  const named = (id: string): string => awayName(reasons.value, id, locale.value === 'ko' ? 'ko' : 'en');
  return {
    items: computed(() => choosable(reasons.value).map(({ id }) => ({ id, label: named(id), choice: awayChoice(id) }))),
    wordOf(state) {
      const id = awayReasonId(state);
      if (id !== null) return named(id);
      return t(state.name === 'NOT_READY' ? `app.reason.${state.reason}` : `app.state.${state.name}`);
    },
    nameOf: (choice) => named(awayReasonId(choice) ?? ''),
    colorOf: () => undefined,
  };
}
