import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { SessionView, Settings } from '../../../contract/bridge/index.ts';
import type { Notice } from '../../../contract/cti/notice.ts';
import type { Disposer } from '../../../contract/errors.ts';
import { hasScope } from '../../../contract/permissions.ts';
import { showTimesIn } from '../../ui/format.ts';
import { useBridge, type BridgeState } from '../bridge.ts';
import { activeContacts, afterCallContacts, applyPatch, contactInFocus, isOfView, newerView, ringingContact } from './session-view.ts';

/** Timers on the screen show whole seconds, and all of them change in the same frame. */
const TICK_MS = 1000;
const NOTICES_KEPT = 50;

/** A notice, and when it was raised on the center's clock. */
export interface RaisedNotice {
  id: number;
  at: number;
  notice: Notice;
}

/**
 * The host's SessionView in this window. The host is the authority: nothing here is changed by a click,
 * only by what the host sends back.
 */
export const useSessionStore = defineStore('session', () => {
  const bridge = useBridge();
  const view = shallowRef<SessionView | null>(null);
  const bridgeState = ref<BridgeState>('connecting');
  const localNow = ref(Date.now());
  /** A part of the program was not found: the host has another version of it by now. */
  const isReplaced = ref(false);
  const notices = shallowRef<RaisedNotice[]>([]);
  const unread = ref(0);

  /** The center's time in epoch milliseconds, ticking with each of its seconds. */
  const now = computed(() => localNow.value + (view.value?.clockOffsetMs ?? 0));

  /** Fetches the whole view: at the start and whenever the connection to the host is back. */
  async function refresh(): Promise<void> {
    const answer = await bridge.session.get(null);
    if (answer.ok) view.value = newerView(view.value, answer.value);
  }

  /** Begins to follow the host. */
  function start(): Disposer {
    const disposers: Disposer[] = [
      watch(() => view.value?.timeZone ?? null, showTimesIn, { immediate: true, flush: 'sync' }),
      bridge.on('session.changed', (patch) => {
        // A deadline that has just been set is not to be counted down from a clock up to a second behind.
        localNow.value = Date.now();
        if (view.value === null || !isOfView(view.value, patch)) void refresh();
        else view.value = applyPatch(view.value, patch);
        // Whoever comes next at this window has no business with it.
        if (patch.phase === 'signedOut') [notices.value, unread.value] = [[], 0];
      }),
      bridge.on('notice.raised', (notice) => {
        notices.value = [{ id: (notices.value[0]?.id ?? 0) + 1, at: now.value, notice }, ...notices.value].slice(0, NOTICES_KEPT);
        unread.value += 1;
      }),
    ];
    let ticking: ReturnType<typeof setTimeout> | undefined;
    const tick = (): void => {
      localNow.value = Date.now();
      // A moment into the second: a timer may be early by a millisecond, and would show the second before.
      const intoSecond = ((now.value % TICK_MS) + TICK_MS) % TICK_MS;
      ticking = setTimeout(tick, TICK_MS - intoSecond + 5);
    };
    tick();
    void refresh();
    return () => {
      clearTimeout(ticking);
      for (const dispose of disposers) dispose();
    };
  }

  function setBridgeState(state: BridgeState): void {
    const back = state === 'connected' && (bridgeState.value === 'lost' || bridgeState.value === 'outdated');
    bridgeState.value = state;
    if (back) void refresh();
  }

  const of = <Value>(select: (view: SessionView) => Value, otherwise: Value) =>
    computed(() => (view.value === null ? otherwise : select(view.value)));

  return {
    view,
    bridgeState,
    isReplaced,
    now,
    notices,
    unread,
    start,
    refresh,
    setBridgeState,
    markNoticesRead: () => void (unread.value = 0),
    phase: of((v) => v.phase, 'signedOut'),
    me: of((v) => v.me, null),
    /** Whether this sign-in has a telephone. */
    hasDesk: of(({ me }) => me !== null && hasScope(me, 'calls.handle'), false),
    /** My own card: it carries my state and since when. None without a desk, though another sign-in of mine may have one. */
    myCard: of(({ card }) => card, null),
    myState: of(({ card }) => card?.state ?? null, null),
    health: of<SessionView['health'] | null>((v) => v.health, null),
    settings: of<Settings | null>((v) => v.settings, null),
    contacts: of((v) => v.contacts, []),
    audio: of((v) => v.audio, []),
    groups: of((v) => v.groups, []),
    dispositions: of((v) => v.dispositions, []),
    dialling: of((v) => v.dialling, null),
    supervision: of((v) => v.supervision, null),
    ringing: of(ringingContact, null),
    active: of(activeContacts, []),
    afterCall: of(afterCallContacts, []),
    focus: of(contactInFocus, null),
  };
});
