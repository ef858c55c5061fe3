import { useDebounceFn } from '@vueuse/core';
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { Customer } from '../../../contract/customer.ts';
import type { AppError } from '../../../contract/errors.ts';
import { useBridge } from '../../app/bridge.ts';

const PAGE = 100;
/** Typing and a synchronisation of the cache come in bursts. */
const SETTLE_MS = 120;

export interface CustomerPages {
  /** As long as the whole result; what has not been fetched yet is undefined. */
  rows: Readonly<ShallowRef<readonly (Customer | undefined)[]>>;
  /** True until the first page of the present text is there. */
  searching: Readonly<Ref<boolean>>;
  /** Too many are found to show them all. */
  more: Readonly<Ref<boolean>>;
  error: Readonly<Ref<AppError | null>>;
  /** The rows on screen: their pages are fetched. */
  show: (first: number, last: number) => void;
}

/** The cache's customers that match a text, fetched page by page as they come into view, and again when they change. */
export function useCustomerPages(text: Ref<string>): CustomerPages {
  const bridge = useBridge();
  const rows = shallowRef<readonly (Customer | undefined)[]>([]);
  const searching = ref(true);
  const more = ref(false);
  const error = ref<AppError | null>(null);
  const range = { first: 0, last: 0 };
  let generation = 0;
  let fetched = new Set<number>();

  async function fetchPage(page: number, asked: number): Promise<void> {
    if (fetched.has(page)) return;
    fetched.add(page);
    const answer = await bridge.customers.search({ text: text.value.trim(), limit: PAGE, offset: page * PAGE });
    // An answer to a former text comes too late.
    if (asked !== generation) return;
    searching.value = false;
    error.value = answer.ok ? null : answer.error;
    if (!answer.ok) return void fetched.delete(page);
    const { customers, total } = answer.value;
    more.value = answer.value.more;
    const next = Array.from({ length: total }, (_, index) => rows.value[index]);
    for (const [index, customer] of customers.entries()) next[page * PAGE + index] = customer;
    rows.value = next;
  }

  function show(first: number, last: number): void {
    range.first = first;
    range.last = last;
    const asked = generation;
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) void fetchPage(page, asked);
  }

  /** Asks anew; the rows on screen stay until the answer is there, so that nothing flickers. */
  function again(): void {
    generation += 1;
    fetched = new Set();
    show(range.first, Math.min(range.last, Math.max(0, rows.value.length - 1)));
  }

  const search = useDebounceFn(() => {
    rows.value = rows.value.slice(0, PAGE);
    range.first = 0;
    range.last = 0;
    again();
  }, SETTLE_MS);
  watch(text, () => {
    searching.value = true;
    void search();
  });
  onScopeDispose(bridge.on('customers.changed', useDebounceFn(again, SETTLE_MS)));
  again();

  return { rows, searching, more, error, show };
}
