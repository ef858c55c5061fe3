import { defineStore } from 'pinia';
import { ref, shallowReactive, watch } from 'vue';
import type { ContactView } from '../../../contract/contact.ts';
import type { CustomerRecord } from '../../../contract/customer.ts';
import type { Disposer } from '../../../contract/errors.ts';
import type { ContactId } from '../../../contract/ids.ts';
import { isWithheld } from '../../../contract/phone-number.ts';
import { useBridge } from '../../app/bridge.ts';
import { useSessionStore } from '../../app/stores/session.store.ts';

/** By what the other party of a contact is looked up. */
const askedBy = ({ customerId, number }: Pick<ContactView, 'customerId' | 'number'>): string => `${customerId ?? ''} ${number}`;

/** What this desk found about the other party of a contact. */
export type Pop =
  | { state: 'looking' }
  /** `more`: the record has the newest lines of a history that is longer. */
  | { state: 'found'; record: CustomerRecord; more: boolean }
  /** No customer has the number. */
  | { state: 'unknown' }
  /** They keep their number to themselves: there is nobody to look for, and nobody to make a customer of. */
  | { state: 'withheld' }
  /** An internal call: the other party is a colleague, in the directory. */
  | { state: 'colleague' }
  | { state: 'unavailable' };

/**
 * Screen pops by contact. The host looks a caller up and tells it with the contact; the store asks for what it was not
 * told, such as after a reload, and again when the customer changes. What takes time and nobody waits for comes once the
 * pop is on the screen: `painted` says of which contact it is.
 */
export const useScreenPopStore = defineStore('screen-pop', () => {
  const bridge = useBridge();
  const session = useSessionStore();
  const pops = shallowReactive(new Map<ContactId, Pop>());
  const painted = ref<ContactId | null>(null);
  const askedFor = new Map<ContactId, string>();
  /** Counts what was asked and told of each: an answer that comes behind either says what was before. */
  const asks = new Map<ContactId, number>();

  function newer(contactId: ContactId): number {
    const ask = (asks.get(contactId) ?? 0) + 1;
    asks.set(contactId, ask);
    return ask;
  }

  async function look(contact: ContactView): Promise<void> {
    const { contactId, customerId, number, kind } = contact;
    const ask = newer(contactId);
    const isLast = (): boolean => asks.get(contactId) === ask;
    if (kind === 'internal') return void pops.set(contactId, { state: 'colleague' });
    if (customerId === null && isWithheld(number)) return void pops.set(contactId, { state: 'withheld' });
    const answer = customerId === null ? await bridge.customers.findByNumber({ number }) : await bridge.customers.get({ customerId });
    if (!isLast()) return;
    if (!answer.ok) return void pops.set(contactId, { state: 'unavailable' });
    // The center may know a customer who has not reached this desk's cache yet: the number may.
    const record = answer.value ?? (customerId === null ? null : await byNumber(number));
    if (isLast()) pops.set(contactId, record === null ? { state: 'unknown' } : { state: 'found', record, more: false });
  }

  /** The pop of this contact is on the screen: now there is time for the rest. */
  async function shown(contactId: ContactId): Promise<void> {
    painted.value = contactId;
    const pop = pops.get(contactId);
    if (pop?.state !== 'found' || !pop.more) return;
    const answer = await bridge.customers.get({ customerId: pop.record.customer.customerId });
    // Something newer may be there by now; and where it fails, what there is stays.
    if (answer.ok && answer.value !== null && pops.get(contactId) === pop) pops.set(contactId, { state: 'found', record: answer.value, more: false });
  }

  async function byNumber(number: string): Promise<CustomerRecord | null> {
    const answer = await bridge.customers.findByNumber({ number });
    return answer.ok ? answer.value : null;
  }

  /** Follows the session's contacts and the cache's changes. */
  function start(): Disposer {
    // What the host looks up by itself comes just before the contact.
    const unpopped = bridge.on('contact.popped', ({ contactId, record, more, ...party }) => {
      askedFor.set(contactId, askedBy(party));
      newer(contactId);
      pops.set(contactId, record === null ? { state: 'unknown' } : { state: 'found', record, more });
      // The same contact, and somebody else at its other end.
      if (painted.value === contactId) void shown(contactId);
    });
    const unwatch = watch(
      () => session.contacts,
      (contacts) => {
        for (const contact of contacts) {
          const asked = askedBy(contact);
          if (askedFor.get(contact.contactId) === asked) continue;
          askedFor.set(contact.contactId, asked);
          if (!pops.has(contact.contactId)) pops.set(contact.contactId, { state: 'looking' });
          void look(contact);
        }
        for (const contactId of pops.keys()) {
          if (contacts.some((contact) => contact.contactId === contactId)) continue;
          pops.delete(contactId);
          askedFor.delete(contactId);
          asks.delete(contactId);
        }
      },
      { immediate: true, flush: 'sync' },
    );
    const unsubscribe = bridge.on('customers.changed', ({ customerIds }) => {
      for (const contact of session.contacts) {
        const pop = pops.get(contact.contactId);
        const concerns = pop?.state === 'found' ? customerIds.includes(pop.record.customer.customerId) : pop?.state !== 'colleague';
        if (concerns) void look(contact);
      }
    });
    return () => {
      unwatch();
      unpopped();
      unsubscribe();
      pops.clear();
      askedFor.clear();
      asks.clear();
    };
  }

  return { pops, painted, start, look, shown };
});
