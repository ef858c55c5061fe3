import type { BridgePayload } from '../contract/bridge/events.ts';
import type { ContactView } from '../contract/contact.ts';
import type { CustomerRecord } from '../contract/customer.ts';
import { ok, type Result } from '../contract/errors.ts';
import type { ContactId } from '../contract/ids.ts';
import { isWithheld, toE164 } from '../contract/phone-number.ts';
import type { Customers } from './customers/index.ts';

/** Lines of the history that are told at once: as many as a screen shows. A window asks for the others when it has shown these. */
const FIRST_LINES = 8;

export type ContactPopped = BridgePayload<'contact.popped'>;

/** Looks up who calls the moment the center names them, so that a window shows both at once instead of asking in between. */
export class ScreenPops {
  private readonly cache: Pick<Customers, 'findByNumber' | 'get'>;
  /** Whom each contact was looked up by. */
  private readonly asked = new Map<ContactId, string>();

  constructor(cache: Pick<Customers, 'findByNumber' | 'get'>) {
    this.cache = cache;
  }

  /** @returns what was found for the contacts that are new, or whose other party is another now; a window asks for the rest */
  of(contacts: readonly ContactView[]): ContactPopped[] {
    const known = new Set(contacts.map(({ contactId }) => contactId));
    for (const contactId of this.asked.keys()) if (!known.has(contactId)) this.asked.delete(contactId);
    return contacts.flatMap((contact) => {
      const { contactId, customerId, number, kind } = contact;
      const by = `${customerId ?? ''} ${number}`;
      if (kind === 'internal' || this.asked.get(contactId) === by) return [];
      if (customerId === null && isWithheld(number)) return [];
      this.asked.set(contactId, by);
      const found = this.look(contact);
      if (!found.ok) return [];
      const { value } = found;
      const record = value && { ...value, timeline: value.timeline.slice(0, FIRST_LINES) };
      return [{ contactId, customerId, number, record, more: (value?.timeline.length ?? 0) > FIRST_LINES }];
    });
  }

  /** The center may know a customer who has not reached this desk's cache yet: the number may. */
  private look({ customerId, number }: ContactView): Result<CustomerRecord | null> {
    const found = customerId === null ? ok(null) : this.cache.get(customerId, FIRST_LINES + 1);
    if (!found.ok || found.value !== null) return found;
    const e164 = toE164(number);
    return e164 === null ? found : this.cache.findByNumber(e164, FIRST_LINES + 1);
  }
}
