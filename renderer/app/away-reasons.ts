import { computed, h, type Component, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { AgentState, Choice } from '../../contract/agent-state.ts';
import type { AwayColour } from '../../contract/away-reason.ts';
import { awayChoice, awayName, awayReasonId, awayReasonsOf, choosable } from '../../contract/away-reasons.ts';
import StateDot from '../ui/StateDot.vue';
import { useSessionStore } from './stores/session.store.ts';

type Away = Extract<Choice, { kind: 'away' }>;

/** Each at least 3 : 1 to every ground it stands on, in light and in dark (WCAG 1.4.11). */
export const awayColors: Readonly<Record<Exclude<AwayColour, 'amber'>, readonly [light: string, dark: string]>> = {
  teal: ['#0f766e', '#2dd4bf'],
  blue: ['#1d4ed8', '#60a5fa'],
  violet: ['#6d28d9', '#a78bfa'],
  pink: ['#be185d', '#f472b6'],
  grey: ['#4b5563', '#9ca3af'],
};

/** As CSS says it; undefined for how every absence looks. */
export function cssOf(colour: AwayColour): string | undefined {
  return colour === 'amber' ? undefined : `light-dark(${awayColors[colour].join(', ')})`;
}

/** One reason that can be chosen, as a line of a menu. */
export interface AwayItem {
  id: string;
  label: string;
  choice: Away;
  icon: Component;
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
  const dots = new Map<AwayColour, Component>();
  /** Made once: another component would be another mark on the screen. */
  function dotOf(colour: AwayColour): Component {
    const dot = dots.get(colour) ?? (() => h(StateDot, { tone: 'away', color: cssOf(colour) ?? 'var(--away)', class: 'mx-0.5' }));
    dots.set(colour, dot);
    return dot;
  }
  const named = (id: string): string => awayName(reasons.value, id, locale.value === 'ko' ? 'ko' : 'en');
  return {
    items: computed(() => choosable(reasons.value).map(({ id, colour }) => ({ id, label: named(id), choice: awayChoice(id), icon: dotOf(colour) }))),
    wordOf(state) {
      const id = awayReasonId(state);
      if (id !== null) return named(id);
      return t(state.name === 'NOT_READY' ? `app.reason.${state.reason}` : `app.state.${state.name}`);
    },
    nameOf: (choice) => named(awayReasonId(choice) ?? ''),
    colorOf(state) {
      const reason = reasons.value.find(({ id }) => id === awayReasonId(state));
      return reason === undefined ? undefined : cssOf(reason.colour);
    },
  };
}
