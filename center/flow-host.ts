import type { ContactId } from '../contract/ids.ts';
import { fail } from '../contract/errors.ts';
import type { Calls } from './calls/calls.ts';
import { upLegs } from './calls/contact.ts';
import { endContact } from './calls/endings.ts';
import { queueInGroup } from './calls/queueing.ts';
import type { FlowHost } from './flows/flow-runs.ts';
import type { Sound } from './switch/port.ts';

/** What flows do to calls. */
export function createFlowHost(calls: () => Calls, setUp: (name: string) => Sound | null): FlowHost {
  const contactOf = (contactId: ContactId) => calls().contact(contactId);
  return {
    play: async (playbackId, contactId, sound) => {
      const contact = contactOf(contactId);
      const [leg] = contact === undefined ? [] : upLegs(contact);
      if (leg === undefined) return fail('switch.channel-gone', 'nobody is there to hear it');
      const { switchPort, logger } = calls().parts;
      const own = sound.kind === 'announcement' ? setUp(sound.name) : null;
      if (own === null) return switchPort.play(playbackId, leg.channelId, sound, false);
      const played = await switchPort.play(playbackId, leg.channelId, own, false);
      if (played.ok || played.error.code === 'switch.channel-gone') return played;
      logger.warn({ contactId, code: played.error.code, why: played.error.message }, 'an announcement that was set up cannot be played; the one of ours is, if there is one');
      return switchPort.play(playbackId, leg.channelId, sound, false);
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
