import type { CtiRequest } from '../contract/cti/index.ts';
import { done, fail, ok, type Result } from '../contract/errors.ts';
import type { Agent } from './agents/agent.ts';
import type { Calls } from './calls/calls.ts';
import type { GroupId } from '../contract/ids.ts';
import type { Durability } from './durability.ts';
import type { Records } from './ports.ts';

interface GroupCommandParts {
  calls: Calls;
  records: Pick<Records, 'setGroupOpen' | 'setDispositionRequired'>;
  durability: Durability;
}

/** What supervisors set for their groups: kept, in force at once, and on every desk. */
export interface GroupCommands {
  setOpen: (by: Agent, request: CtiRequest<'group.setOpen'>) => Promise<Result<null>>;
  setDispositionRequired: (by: Agent, request: CtiRequest<'group.setDispositionRequired'>) => Promise<Result<null>>;
}

export function createGroupCommands({ calls, records, durability }: GroupCommandParts): GroupCommands {
  const { office, journal, desks, clock } = calls.parts;

  const tell = (groupId: GroupId): void => {
    const group = office.group(groupId);
    if (group !== undefined) desks.tellAll({ type: 'directory.changed', payload: { agents: [], groups: [office.card(group, clock.now())] } });
  };

  return {
    async setOpen(by, { groupId, open }) {
      if (office.group(groupId) === undefined) return fail('not-found', 'no such group');
      const saved = await durability.written(records.setGroupOpen(groupId, open).then(() => ok(null)));
      if (!saved.ok) return saved;
      office.setOpen(groupId, open);
      journal.write('group.opened', { open, by: by.agentId }, { groupId });
      tell(groupId);
      return done();
    },

    async setDispositionRequired(_by, { groupId, required }) {
      if (office.group(groupId) === undefined) return fail('not-found', 'no such group');
      const saved = await durability.written(records.setDispositionRequired(groupId, required).then(() => ok(null)));
      if (!saved.ok) return saved;
      office.setDispositionRequired(groupId, required);
      tell(groupId);
      // Of a call without a group an agent's own groups decide: all calls under way are shown anew.
      for (const contact of calls.all) calls.publish(contact);
      return done();
    },
  };
}
