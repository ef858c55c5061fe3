import type { CtiCommandName, CtiRequest } from '../contract/cti/index.ts';
import { done, fail, ok, type Result } from '../contract/errors.ts';
import type { GroupId } from '../contract/ids.ts';
import { unknownReason } from './agents/choices.ts';
import type { Calls } from './calls/calls.ts';
import type { Durability } from './durability.ts';
import type { Person } from './people/person.ts';
import type { Records } from './ports.ts';

interface LeadingParts {
  calls: Calls;
  records: Pick<Records, 'setGroupOpen' | 'setDispositionRequired'>;
  durability: Durability;
}

type LeadingName = Extract<CtiCommandName, 'agent.force' | 'dialling.lift' | 'group.setOpen' | 'group.setDispositionRequired'>;
/** What those in charge do, from a desk or without one. */
export type Leading = { readonly [Name in LeadingName]: (by: Person, request: CtiRequest<Name>) => Promise<Result<null>> | Result<null> };

/** Commands that take no telephone. What is set for groups is kept, in force at once, and on every desk. */
export function createLeading({ calls, records, durability }: LeadingParts): Leading {
  const { roster, office, journal, desks, clock, dialling } = calls.parts;

  const tell = (groupId: GroupId): void => {
    const group = office.group(groupId);
    if (group !== undefined) desks.tellAll({ type: 'directory.changed', payload: { agents: [], groups: [office.card(group, clock.now())] } });
  };

  return {
    'agent.force': (by, { agentId, choice }) => {
      const agent = roster.agent(agentId);
      if (agent === undefined) return fail('not-found', 'no such agent');
      const refused = unknownReason(office, choice) ?? (choice.kind === 'ready' ? agent.whyNotReady() : null);
      const applied = refused ?? agent.apply({ type: 'chosen', choice });
      if (!applied.ok) return applied;
      journal.write('agent.forced', { by: by.agentId }, { agentId });
      desks.notify(agent, 'forced', null, by.record.name);
      return done();
    },

    'dialling.lift': (by, { agentId, phone }) => {
      const party = agentId !== null ? ({ kind: 'person', id: agentId } as const) : phone !== null ? ({ kind: 'phone', id: phone } as const) : ({ kind: 'center', id: '' } as const);
      if (agentId === by.agentId && by.record.role !== 'admin') return fail('forbidden', 'nobody lifts their own block');
      return dialling.lift(party, by.agentId) ? done() : fail('not-found', 'no calls are blocked');
    },

    'group.setOpen': async (by, { groupId, open }) => {
      if (office.group(groupId) === undefined) return fail('not-found', 'no such group');
      const saved = await durability.written(records.setGroupOpen(groupId, open).then(() => ok(null)));
      if (!saved.ok) return saved;
      office.setOpen(groupId, open);
      journal.write('group.opened', { open, by: by.agentId }, { groupId });
      tell(groupId);
      return done();
    },

    'group.setDispositionRequired': async (_by, { groupId, required }) => {
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
