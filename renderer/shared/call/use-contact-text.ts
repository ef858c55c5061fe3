import { useI18n } from 'vue-i18n';
import type { ContactView } from '../../../contract/contact.ts';
import { useColleagues } from '../../app/stores/topics.store.ts';
import { useSessionStore } from '../../app/stores/session.store.ts';
import { usePartyNumber } from '../../app/use-party-number.ts';
import { useScreenPopStore } from './screen-pop.store.ts';

/** How a contact's people and places are written on the desk. */
export function useContactText() {
  const { t } = useI18n();
  const session = useSessionStore();
  const colleagues = useColleagues();
  const pop = useScreenPopStore();
  const partyNumber = usePartyNumber();

  const groupOf = (contact: ContactView): string => session.groups.find(({ groupId }) => groupId === contact.groupId)?.name ?? '';

  return {
    groupOf,
    /** The other party's name, '' while nobody knows it. */
    nameOf(contact: ContactView): string {
      const known = pop.pops.get(contact.contactId);
      if (known?.state === 'found') return known.record.customer.name;
      return colleagues.at(contact.number)?.name ?? contact.customerName;
    },
    numberOf: (contact: ContactView): string => partyNumber(contact.number),
    /** Why the call came here: its group, or who hands it over. */
    viaOf(contact: ContactView): string {
      const { offer } = contact.me;
      if (offer === null || (offer.via === 'group' && groupOf(contact) !== '')) return groupOf(contact) || t(`app.kind.${contact.kind}`);
      return t(`desk.via.${offer.via}`, { from: offer.from, group: groupOf(contact) });
    },
  };
}
