import type { SwitchPort } from '../switch/port.ts';
import type { MediumPort } from '../work-items/work-item.ts';
import type { Calls } from './calls.ts';
import { anchorOf } from './contact.ts';
import { offerToAgents } from './group-offers.ts';

/** Calls as the matcher sees them: an agent has one, and rings with the next when their state says that they wait for it. */
export function createVoiceMedium(calls: () => Calls, switchPort: SwitchPort, isRunning: () => boolean): MediumPort {
  return {
    hasRoom: (agent) => agent.isFree,
    reaches: ({ workId }, { record }) => {
      const contact = calls().contact(workId);
      return contact !== undefined && switchPort.isRegistered(record.extension, anchorOf(contact));
    },
    offer: ({ workId }, agents, group) => {
      const contact = calls().contact(workId);
      return contact === undefined || !isRunning() ? [] : offerToAgents(calls(), contact, agents, group);
    },
  };
}
