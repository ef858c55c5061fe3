import type { ApiAsked } from '../contract/api/index.ts';
import type { CtiRequest } from '../contract/cti/index.ts';
import type { TimelineEntry } from '../contract/customer.ts';
import { fail, ok, type Result } from '../contract/errors.ts';
import type { ContactId } from '../contract/ids.ts';
import type { Agent } from './agents/agent.ts';
import { isIn, type Person } from './people/person.ts';
import type { Calls } from './calls/calls.ts';
import type { Durability } from './durability.ts';
import type { Records } from './ports.ts';

/** Within this time after a contact has come into the history, what its agents still send is what they typed in time. */
const LATE_MS = 10 * 60_000;

interface AfterwardsParts {
  calls: Calls;
  records: Pick<Records, 'customer' | 'timelineEntry' | 'writeLate' | 'correctEntry'>;
  durability: Durability;
}

/** Words about a contact that is over for whoever writes them. */
export interface Afterwards {
  /**
   * What an agent had typed comes when the contact is out of their hands: it is kept, in the history if nobody works on
   * the contact any more. Long after that it counts as a correction.
   */
  late: (agent: Agent, request: CtiRequest<'contact.update'>) => Promise<Result<null>>;
  correct: (person: Person, request: ApiAsked<'contacts.correct'>) => Promise<Result<TimelineEntry>>;
}

export function createAfterwards({ calls, records, durability: { kept, written } }: AfterwardsParts): Afterwards {
  const { office, history, clock, logger } = calls.parts;
  const noSuchContact = () => fail('contact.not-found', 'no such contact of this agent');

  const dispositionName = (dispositionId: string | null): string | null => (dispositionId === null ? '' : (office.dispositions.find((one) => one.dispositionId === dispositionId)?.name ?? null));

  /** The line as it is durable; null where there is none, or where it is nobody's any more. */
  async function lineOf(contactId: ContactId): Promise<Result<TimelineEntry | null>> {
    const durable = await kept();
    return durable.ok ? ok(await records.timelineEntry(contactId)) : durable;
  }

  /** Somebody still works on the contact, and writes its line anew when they are done: they write what was put right. */
  function follow(line: TimelineEntry): void {
    const contact = calls.contact(line.contactId);
    if (contact === undefined) return;
    contact.memo = line.memo;
    contact.dispositionId = office.dispositions.find(({ name }) => name === line.disposition)?.dispositionId ?? null;
    calls.publish(contact);
  }

  async function store(write: Promise<Result<TimelineEntry>>): Promise<Result<TimelineEntry>> {
    const saved = await written(write);
    if (!saved.ok) return saved;
    follow(saved.value);
    await history.changed(saved.value.customerId === null ? [] : [saved.value.customerId]);
    return saved;
  }

  return {
    async late(agent, { contactId, dispositionId, memo, base, customerId }) {
      const line = await lineOf(contactId);
      if (!line.ok) return line;
      if (line.value === null || !tookPart(agent, line.value)) return noSuchContact();
      const disposition = dispositionId === undefined ? undefined : dispositionName(dispositionId);
      if (disposition === null) return fail('input.invalid', 'no such disposition');
      if (typeof customerId === 'string' && (await records.customer(customerId)) === null) return fail('customer.not-found', 'no such customer');
      const isLate = clock.monotonic() - (history.keptAt(contactId) ?? -Infinity) <= LATE_MS;
      const saved = await store(
        isLate
          ? records.writeLate({ contactId, memo, base, disposition, customerId }).then((entry) => (entry === null ? noSuchContact() : ok(entry)))
          : records.correctEntry({ contactId, version: null, memo, disposition, by: agent.agentId, byName: agent.record.name, at: clock.now() }),
      );
      if (!saved.ok) return saved;
      logger.info({ contactId, agentId: agent.agentId }, 'what an agent had typed came after the end of their part');
      return ok(null);
    },

    async correct(person, { contactId, version, memo, dispositionId }) {
      const disposition = dispositionId === undefined ? undefined : dispositionName(dispositionId);
      if (disposition === null) return fail('input.invalid', 'no such disposition');
      const line = await lineOf(contactId);
      if (!line.ok) return line;
      if (line.value === null) return noSuchContact();
      if (!mayCorrect(person, line.value, calls)) return fail('forbidden', 'neither handled by them nor in one of their groups');
      return store(records.correctEntry({ contactId, version, memo, disposition, by: person.agentId, byName: person.record.name, at: clock.now() }));
    },
  };
}

/** Whether the agent was on this contact, however briefly. */
function tookPart({ agentId }: Agent, line: TimelineEntry): boolean {
  return line.agentId === agentId || line.parts.some((part) => part.kind === 'talked' && part.agentId === agentId);
}

/** Who handled it and was not merely asked; a supervisor for their groups, of a call without a group for their people; an administrator for all. */
function mayCorrect(person: Person, line: TimelineEntry, calls: Calls): boolean {
  const { role, agentId } = person.record;
  if (line.agentId === agentId || line.parts.some((part) => part.kind === 'talked' && part.agentId === agentId && part.as !== 'consulted')) return true;
  if (role === 'admin') return true;
  if (role !== 'supervisor') return false;
  if (line.groupId !== null) return isIn(person, line.groupId);
  const handler = line.agentId === null ? undefined : calls.parts.roster.agent(line.agentId);
  return handler?.groupIds.some((groupId) => isIn(person, groupId)) === true;
}
