import { onMounted, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { toast } from 'vue-sonner';
import { z } from 'zod';
import type { AccountSummary } from '../../../contract/account.ts';
import { ConfigurationProblem, type ConfigurationChange, type ConfigurationKind, type ConfigurationObject } from '../../../contract/configuration.ts';
import { useSessionStore } from '../../app/stores/session.store.ts';
import { useApi } from '../../app/use-api.ts';
import { useCommands } from '../../app/use-commands.ts';
import { undoing, type GroupObject, type PersonObject } from './office-forms.ts';

/** `conflict`: somebody else was quicker, and what there is now has been fetched. */
export type Changed = { ok: true } | { ok: false; conflict: boolean; problems: readonly ConfigurationProblem[] };

export interface Office {
  state: Ref<'loading' | 'ready' | 'failed'>;
  objects: ShallowRef<readonly ConfigurationObject[]>;
  people: ShallowRef<readonly PersonObject[]>;
  groups: ShallowRef<readonly GroupObject[]>;
  accounts: ShallowRef<readonly AccountSummary[]>;
  busy: Ref<boolean>;
  load: () => Promise<void>;
  /** Makes changes, all or none. What was made can be undone from the toast, unless it says that it cannot. */
  change: (changes: readonly ConfigurationChange[], told: string, options?: { undoable: boolean }) => Promise<Changed>;
}

/**
 * What is set up, as the pages of administration show and change it.
 * @param kinds as much of it as they show
 */
export function useOffice(kinds: readonly ConfigurationKind[]): Office {
  const { t } = useI18n();
  const api = useApi();
  const session = useSessionStore();
  const { run, busy } = useCommands();
  const state = ref<'loading' | 'ready' | 'failed'>('loading');
  const objects = shallowRef<readonly ConfigurationObject[]>([]);
  const people = shallowRef<readonly PersonObject[]>([]);
  const groups = shallowRef<readonly GroupObject[]>([]);
  const accounts = shallowRef<readonly AccountSummary[]>([]);

  /** Everything of one kind, page by page; null where the center does not say. */
  async function fetched(kind: ConfigurationKind): Promise<ConfigurationObject[] | null> {
    const found: ConfigurationObject[] = [];
    for (let cursor: number | null = -1; cursor !== null; ) {
      const page: Awaited<ReturnType<typeof api<'configuration.list'>>> = await api('configuration.list', { kind, cursor, limit: 500 });
      if (!page.ok) return null;
      found.push(...page.value.objects);
      cursor = page.value.next;
    }
    return found;
  }

  async function load(): Promise<void> {
    const [lists, known] = await Promise.all([Promise.all(kinds.map(fetched)), api('accounts.list', {})]);
    if (lists.includes(null) || !known.ok) {
      state.value = objects.value.length > 0 ? state.value : 'failed';
      return;
    }
    objects.value = lists.flatMap((list) => list ?? []);
    people.value = objects.value.filter((object): object is PersonObject => object.kind === 'person');
    groups.value = objects.value.filter((object): object is GroupObject => object.kind === 'group');
    accounts.value = known.value;
    state.value = 'ready';
  }

  async function change(changes: readonly ConfigurationChange[], told: string, { undoable } = { undoable: true }): Promise<Changed> {
    const before = objects.value;
    const answer = await run(api('configuration.change', { changes: [...changes] }), { quiet: ['configuration.conflict', 'configuration.invalid'] });
    if (!answer.ok) {
      const conflict = answer.error.code === 'configuration.conflict';
      if (conflict) await load();
      const problems = z.array(ConfigurationProblem).safeParse(answer.error.present);
      return { ok: false, conflict, problems: !conflict && problems.success ? problems.data : [] };
    }
    await load();
    const undo = undoing(changes, before, answer.value.objects);
    toast(told, { id: 'office', duration: 10_000, ...(undoable && { action: { label: t('admin.undo'), onClick: () => void change(undo, t('admin.undone'), { undoable: false }) } }) });
    return { ok: true };
  }

  onMounted(() => void load());
  // Somebody else changes groups, too, and what else desks are told of.
  watch([() => session.groups.map(({ groupId, name }) => `${groupId} ${name}`).join(), () => JSON.stringify(session.view?.setUp)], () => void load());
  return { state, objects, people, groups, accounts, busy, load, change };
}
