import { computed, type ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { useI18n } from 'vue-i18n';
import { useScreenPopStore } from '../../shared/call/screen-pop.store.ts';
import { useBridge } from '../bridge.ts';
import { isFullScreen } from '../router.ts';
import { useSessionStore } from '../stores/session.store.ts';
import { useShellStore, type DeskPlace } from '../stores/shell.store.ts';
import { useCommands } from '../use-commands.ts';
import type { ShortcutName } from '../use-shortcuts.ts';
import { useStateChoice } from '../use-state-choice.ts';

/** What can be done from every screen beside a call's own controls, by its key and from the palette. */
export type DeskAction = Extract<ShortcutName, 'ready' | 'away' | 'dial' | 'memo' | 'giveNumber' | 'parties' | 'extend'>;

export interface DeskActions {
  /** Those that can be done now. */
  possible: ComputedRef<DeskAction[]>;
  /** @returns false where it cannot be done now */
  act: (action: DeskAction) => boolean;
}

export function useDeskActions(): DeskActions {
  const { t } = useI18n();
  const bridge = useBridge();
  const session = useSessionStore();
  const shell = useShellStore();
  const pops = useScreenPopStore();
  const route = useRoute();
  const router = useRouter();
  const { run } = useCommands();
  const { choose } = useStateChoice();

  const focus = computed(() => session.focus);
  const extendable = computed(() => session.afterCall.find(({ me }) => me.allowed.includes('extend')) ?? null);

  function goTo(place: DeskPlace): void {
    shell.want(place);
    if (route.name !== 'desk') void router.push('/');
  }

  const actions: { readonly [Name in DeskAction]: { possible: () => boolean; run: () => void } } = {
    ready: { possible: () => session.myState !== null, run: () => void choose({ kind: 'ready' }) },
    // Where the state is not shown there is no menu of reasons: the palette lists them.
    away: { possible: () => session.myState !== null, run: () => (isFullScreen(route.name) ? shell.openPalette(t('app.control.away')) : void (shell.away = true)) },
    dial: { possible: () => session.hasDesk, run: () => goTo('dial') },
    memo: { possible: () => focus.value !== null, run: () => goTo('memo') },
    giveNumber: { possible: () => focus.value !== null && pops.pops.get(focus.value.contactId)?.state === 'unknown', run: () => goTo('giveNumber') },
    parties: { possible: () => focus.value?.me.allowed.includes('changeParty') === true, run: () => goTo('parties') },
    extend: { possible: () => extendable.value !== null, run: () => void (extendable.value !== null && run(bridge.contact.extend({ contactId: extendable.value.contactId }))) },
  };
  const names = Object.keys(actions) as DeskAction[];

  return {
    possible: computed(() => names.filter((name) => actions[name].possible())),
    act(name) {
      const { possible, run: go } = actions[name];
      if (!possible()) return false;
      go();
      return true;
    },
  };
}

/** Their names, for whoever binds a key to each. */
export const deskActions = ['ready', 'away', 'dial', 'memo', 'giveNumber', 'parties', 'extend'] as const satisfies readonly DeskAction[];
