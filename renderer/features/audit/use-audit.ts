import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { AccessRecord, AuditedLog, AuditRecord } from '../../../contract/audit.ts';
import type { AppError } from '../../../contract/errors.ts';
import { useApi } from '../../app/use-api.ts';

export interface AuditFilter {
  log: AuditedLog;
  /** Empty: everybody, everything. */
  who: string;
  action: string;
  /** Whom or what it was done to; exactly. */
  subject: string;
  from: number | null;
  to: number | null;
}

export type AuditLine = ({ log: 'audit' } & AuditRecord) | ({ log: 'access' } & AccessRecord);

export interface AuditLines {
  lines: ShallowRef<readonly AuditLine[]>;
  state: Ref<'loading' | 'ready' | 'failed'>;
  error: Ref<AppError | null>;
  /** There are older ones. */
  more: Ref<boolean>;
  fetchMore: () => Promise<void>;
  reload: () => Promise<void>;
}

/** The lines of a log by a filter, newest first, page by page. */
export function useAudit(filter: Ref<AuditFilter>): AuditLines {
  const api = useApi();
  const lines = shallowRef<readonly AuditLine[]>([]);
  const state = ref<'loading' | 'ready' | 'failed'>('loading');
  const error = ref<AppError | null>(null);
  const more = ref(false);
  let next: string | null = null;
  let asked = 0;

  async function page(cursor: string | null): Promise<void> {
    const mine = ++asked;
    const { log, who, action, subject, from, to } = filter.value;
    const span = { ...(from !== null && { from }), ...(to !== null && { to }), ...(cursor !== null && { cursor }) };
    const answer =
      log === 'audit'
        ? await api('audit.list', { ...span, ...(who && { actor: who }), ...(action && { action }), ...(subject && { subject }) })
        : await api('audit.accesses', { ...span, ...(who && { agentId: who }), ...(subject && { customerId: subject }) });
    // Another filter was chosen meanwhile.
    if (mine !== asked) return;
    if (!answer.ok) {
      error.value = answer.error;
      state.value = 'failed';
      return;
    }
    const found = answer.value.entries.map((entry) => ({ log, ...entry }) as AuditLine);
    lines.value = cursor === null ? found : [...lines.value, ...found];
    ({ next } = answer.value);
    more.value = next !== null;
    state.value = 'ready';
  }
  async function reload(): Promise<void> {
    state.value = 'loading';
    lines.value = [];
    more.value = false;
    await page(null);
  }
  watch(filter, () => void reload(), { immediate: true });
  return { lines, state, error, more, fetchMore: () => page(next), reload };
}
