import { useDebounceFn } from '@vueuse/core';
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { ContactKind, HistoryLine, HistoryPosition } from '../../../contract/customer.ts';
import type { AppError } from '../../../contract/errors.ts';
import type { GroupId } from '../../../contract/ids.ts';
import { useBridge } from '../../app/bridge.ts';
import { withBelow, withTop } from './history-lines.ts';

const PAGE = 100;
/** Rows before the end at which the next page is fetched. */
const AHEAD = 40;
const SETTLE_MS = 150;

export interface HistoryFilter {
  mine: boolean;
  missed: boolean;
  kind: ContactKind | null;
  /** Epoch milliseconds: from this moment on, and before that. */
  from: number | null;
  to: number | null;
  groupId: GroupId | null;
  /** By name. */
  disposition: string | null;
  /** Without the one that their group asks for. */
  dispositionMissing: boolean;
  text: string;
}

/** Nothing is left out but what is others', where one's own is wanted. */
export const unfiltered = (mine: boolean): HistoryFilter => ({ mine, missed: false, kind: null, from: null, to: null, groupId: null, disposition: null, dispositionMissing: false, text: '' });

export interface History {
  lines: Readonly<ShallowRef<readonly HistoryLine[]>>;
  loading: Readonly<Ref<boolean>>;
  /** Whether there is more below. */
  more: Readonly<Ref<boolean>>;
  error: Readonly<Ref<AppError | null>>;
  /** The last row on screen: what comes below it is fetched. */
  show: (last: number) => void;
  retry: () => void;
}

/** The cache's contacts, newest first, fetched as they come into view; new ones appear on top by themselves. */
export function useHistory(filter: Readonly<Ref<HistoryFilter>>): History {
  const bridge = useBridge();
  const lines = shallowRef<readonly HistoryLine[]>([]);
  const loading = ref(true);
  const more = ref(false);
  const error = ref<AppError | null>(null);
  let next: HistoryPosition | null = null;
  let generation = 0;
  let fetchingBelow = false;

  async function fetchTop(): Promise<void> {
    const asked = ++generation;
    const answer = await bridge.history.list({ ...filter.value, limit: PAGE, before: null });
    if (asked !== generation) return;
    loading.value = false;
    error.value = answer.ok ? null : answer.error;
    if (!answer.ok) return;
    const complete = answer.value.next === null;
    lines.value = withTop(lines.value, answer.value.lines, complete);
    // Pages that were already fetched below keep their own end.
    if (complete || lines.value.length === answer.value.lines.length) ({ next } = answer.value);
    more.value = next !== null;
    fill();
  }

  /** A text is looked for in parts, of which one may hold little or nothing. */
  function fill(): void {
    if (next !== null && lines.value.length < PAGE) void fetchBelow();
  }

  async function fetchBelow(): Promise<void> {
    if (fetchingBelow || next === null) return;
    fetchingBelow = true;
    const asked = generation;
    const answer = await bridge.history.list({ ...filter.value, limit: PAGE, before: next });
    fetchingBelow = false;
    if (asked !== generation) return fill();
    if (!answer.ok) return;
    lines.value = withBelow(lines.value, answer.value.lines);
    ({ next } = answer.value);
    more.value = next !== null;
    fill();
  }

  function anew(): void {
    lines.value = [];
    next = null;
    more.value = false;
    loading.value = true;
    void fetchTop();
  }

  watch(filter, anew, { immediate: true });
  onScopeDispose(bridge.on('customers.changed', useDebounceFn(() => void fetchTop(), SETTLE_MS)));

  return { lines, loading, more, error, retry: anew, show: (last) => void (last >= lines.value.length - AHEAD && fetchBelow()) };
}
