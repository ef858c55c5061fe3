import { useThrottleFn } from '@vueuse/core';
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { ContactKind, HistoryLine, HistoryPosition, TimelineEntry } from '../../../contract/customer.ts';
import type { AppError } from '../../../contract/errors.ts';
import type { AgentId, GroupId } from '../../../contract/ids.ts';
import { useBridge } from '../../app/bridge.ts';
import { useApi } from '../../app/use-api.ts';
import { withBelow, withTop } from './history-lines.ts';

const PAGE = 60;
/** Rows before the end at which the next page is fetched. */
const AHEAD = 30;
/** Contacts end all the time, and every window that shows them asks the center: so often at most. */
const NEWS_EVERY_MS = 5000;
/** Of what few contacts are, so many pages are looked through before somebody is asked whether to look further. */
const MOST_LOOKS = 10;

export interface HistoryFilter {
  /** Whose; null: everybody's. */
  agentId: AgentId | null;
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

/** Nothing is left out but what is others', where somebody's own is wanted. */
export const unfiltered = (agentId: AgentId | null): HistoryFilter => ({ agentId, missed: false, kind: null, from: null, to: null, groupId: null, disposition: null, dispositionMissing: false, text: '' });

export interface History {
  lines: Readonly<ShallowRef<readonly HistoryLine[]>>;
  loading: Readonly<Ref<boolean>>;
  /** Whether there is more below. */
  more: Readonly<Ref<boolean>>;
  error: Readonly<Ref<AppError | null>>;
  /** How far back was looked, epoch milliseconds, where `lookFurther` goes on; null where it goes on by itself. */
  lookedTo: Readonly<Ref<number | null>>;
  lookFurther: () => void;
  /** A contact was put right here: its line says so at once. */
  corrected: (entry: TimelineEntry) => void;
  /** The last row on screen: what comes below it is fetched. */
  show: (last: number) => void;
  retry: () => void;
}

/** The center's contacts, newest first, fetched as they come into view; new ones appear on top by themselves. */
export function useHistory(filter: Readonly<Ref<HistoryFilter>>): History {
  const bridge = useBridge();
  const api = useApi();
  const lines = shallowRef<readonly HistoryLine[]>([]);
  const loading = ref(true);
  const more = ref(false);
  const error = ref<AppError | null>(null);
  let next: HistoryPosition | null = null;
  let generation = 0;
  let fetchingBelow = false;
  let looks = 0;
  const lookedTo = ref<number | null>(null);

  async function fetchTop(): Promise<void> {
    const asked = ++generation;
    const answer = await api('contacts.search', { ...filter.value, limit: PAGE, before: null });
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

  /** What few contacts are is looked for in parts, of which one may hold little or nothing. */
  function fill(): void {
    if (next === null || lines.value.length >= PAGE) lookedTo.value = null;
    else if (looks >= MOST_LOOKS) lookedTo.value = next.startedAt;
    else {
      looks += 1;
      void fetchBelow();
    }
  }

  function lookFurther(): void {
    looks = 0;
    lookedTo.value = null;
    fill();
  }

  async function fetchBelow(): Promise<void> {
    if (fetchingBelow || next === null) return;
    fetchingBelow = true;
    const asked = generation;
    const answer = await api('contacts.search', { ...filter.value, limit: PAGE, before: next });
    fetchingBelow = false;
    if (asked !== generation) return fill();
    if (!answer.ok) return void (error.value = answer.error);
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
    looks = 0;
    lookedTo.value = null;
    void fetchTop();
  }

  watch(filter, anew, { immediate: true });
  onScopeDispose(bridge.on('customers.changed', useThrottleFn(() => void fetchTop(), NEWS_EVERY_MS, true)));

  return {
    lines,
    loading,
    more,
    error,
    lookedTo,
    lookFurther,
    corrected: (entry) => void (lines.value = lines.value.map((line) => (line.contactId === entry.contactId ? { ...line, ...entry, customerId: line.customerId } : line))),
    retry: anew,
    show: (last) => void (last >= lines.value.length - AHEAD && lookedTo.value === null && fetchBelow()),
  };
}
