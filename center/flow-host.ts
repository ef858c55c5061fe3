import type { ContactId } from '../contract/ids.ts';
import { fail } from '../contract/errors.ts';
import type { Calls } from './calls/calls.ts';
import { upLegs } from './calls/contact.ts';
import { endContact } from './calls/endings.ts';
import { queueInGroup } from './calls/queueing.ts';
import type { FlowHost } from './flows/flow-runs.ts';

/** What flows do to calls. */
export function createFlowHost(calls: () => Calls): FlowHost {
  const contactOf = (contactId: ContactId) => calls().contact(contactId);
  return {
    play: async (playbackId, contactId, sound) => {
      const contact = contactOf(contactId);
      const [leg] = contact === undefined ? [] : upLegs(contact);
      return leg === undefined ? fail('switch.channel-gone', 'nobody is there to hear it') : calls().parts.switchPort.play(playbackId, leg.channelId, sound, false);
    },
    stopPlayback: (playbackId) => void calls().parts.switchPort.stopPlayback(playbackId),
    chosen: (contactId, label) => {
      const contact = contactOf(contactId);
      if (contact === undefined) return;
      contact.flowPath.push(label);
      calls().parts.journal.write('contact.flowChosen', {}, { contactId });
    },
    toGroup: (contactId, groupId) => {
      const contact = contactOf(contactId);
      return contact === undefined ? null : queueInGroup(calls(), contact, groupId);
    },
    refused: (contactId, groupId, outcome) => {
      const contact = contactOf(contactId);
      if (contact !== undefined) contact.groupId = groupId;
      calls().parts.journal.write('contact.refused', { outcome }, { contactId, groupId });
    },
    hangUp: (contactId, outcome) => {
      const contact = contactOf(contactId);
      if (contact !== undefined) endContact(calls(), contact, outcome, 'normal');
    },
    failed: (contactId, error) => {
      const contact = contactOf(contactId);
      calls().parts.logger.error({ err: error, contactId }, 'a flow failed');
      if (contact !== undefined) endContact(calls(), contact, 'failed');
    },
  };
}
