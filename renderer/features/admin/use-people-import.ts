import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { z } from 'zod';
import { ConfigurationObject, type ConfigurationChange } from '../../../contract/configuration.ts';
import type { AppError } from '../../../contract/errors.ts';
import { GroupId } from '../../../contract/ids.ts';
import type { NewPerson } from '../../../contract/new-people.ts';
import type { InvitedPerson } from '../../../contract/set-up.ts';
import { useApi } from '../../app/use-api.ts';
import type { Office } from './use-office.ts';

/** As many as the center makes at once. */
const SLICE = 100;
const Changed = z.array(ConfigurationObject);

export interface PeopleImport {
  /** How many are set up by now, of how many; null: none is under way. */
  progress: Ref<{ done: number; total: number } | null>;
  /** Who was set up, with their invitations. */
  made: ShallowRef<readonly InvitedPerson[]>;
  /** Sets people up, slice by slice. @returns what stopped it: whoever came before is set up all the same */
  run: (people: readonly NewPerson[]) => Promise<AppError | null>;
  /** Takes everybody of the import away again, but who was changed since. @returns how many stay */
  undo: () => Promise<number>;
}

/** Many new people at once, as pieces that no call hears. */
export function usePeopleImport(office: Office): PeopleImport {
  const api = useApi();
  const progress = ref<{ done: number; total: number } | null>(null);
  const made = shallowRef<readonly InvitedPerson[]>([]);

  async function run(people: readonly NewPerson[]): Promise<AppError | null> {
    const groupIds = new Map(office.groups.value.map(({ id, value }) => [value.name, GroupId.parse(id)]));
    let stopped: AppError | null = null;
    for (let from = 0; from < people.length && stopped === null; from += SLICE) {
      progress.value = { done: from, total: people.length };
      const slice = people.slice(from, from + SLICE).map(({ groups, ...person }) => ({ ...person, memberships: groups.flatMap((name) => groupIds.get(name) ?? []).map((groupId) => ({ groupId, skill: 1 })) }));
      const answer = await api('people.invite', { people: slice });
      if (answer.ok) made.value = [...made.value, ...answer.value];
      else stopped = answer.error;
    }
    progress.value = null;
    await office.load();
    return stopped;
  }

  async function undo(): Promise<number> {
    const total = made.value.length;
    let kept = 0;
    for (let from = 0; from < total; from += SLICE) {
      progress.value = { done: from, total };
      kept += await takeAway(made.value.slice(from, from + SLICE));
    }
    progress.value = null;
    made.value = [];
    await office.load();
    return kept;
  }

  /** @returns how many of these were another's to change meanwhile, and stay */
  async function takeAway(people: readonly InvitedPerson[]): Promise<number> {
    const removing = (some: readonly InvitedPerson[]): ConfigurationChange[] => some.map(({ agentId, version }) => ({ kind: 'person', id: agentId, version, value: null }));
    const answer = await api('configuration.change', { changes: removing(people) });
    if (answer.ok) return 0;
    const present = answer.error.code === 'configuration.conflict' ? Changed.safeParse(answer.error.present) : null;
    if (present === null || !present.success) return people.length;
    const changed = new Set(present.data.map(({ id }) => id));
    const rest = people.filter(({ agentId }) => !changed.has(agentId));
    // Who is gone already is as it should be.
    if (rest.length === 0 || rest.length === people.length) return changed.size;
    return changed.size + ((await api('configuration.change', { changes: removing(rest) })).ok ? 0 : rest.length);
  }

  return { progress, made, run, undo };
}
