import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { toast } from 'vue-sonner';
import type { ContactView } from '../../../contract/contact.ts';
import { Customer, E164 } from '../../../contract/customer.ts';
import type { AppError, Result } from '../../../contract/errors.ts';
import { toE164 } from '../../../contract/phone-number.ts';
import { useBridge } from '../../app/bridge.ts';
import { useApi } from '../../app/use-api.ts';
import { usePartyNumber } from '../../app/use-party-number.ts';
import { useCommands } from '../../app/use-commands.ts';

/** As long as somebody may take to see that it was the wrong one. */
const UNDO_MS = 20_000;

export interface GiveNumber {
  busy: Ref<boolean>;
  /** Whose the number is already, where somebody else was given it meanwhile. */
  owner: ShallowRef<Customer | null>;
  /** The call is this customer's, and the number too where the caller shows one. @returns whether it is */
  give: (customer: Customer) => Promise<boolean>;
  /** The call alone is this customer's: whose number it is stays as it is. */
  showAs: (customer: Customer) => Promise<boolean>;
  /** Takes the owner from the center's refusal; false for any other error. */
  isOwned: (error: AppError) => boolean;
}

/** Makes the other party of a contact a customer whom the center knows; every step can be taken back from its toast. */
export function useGiveNumber(contact: () => ContactView): GiveNumber {
  const { t } = useI18n();
  const bridge = useBridge();
  const api = useApi();
  const partyNumber = usePartyNumber();
  const { run } = useCommands();
  const busy = ref(false);
  const owner = shallowRef<Customer | null>(null);

  function isOwned({ code, present }: AppError): boolean {
    const parsed = code === 'customer.number-taken' ? Customer.safeParse(present) : null;
    owner.value = parsed?.success === true ? parsed.data : null;
    return owner.value !== null;
  }

  function undoable(text: string, id: string, undo: () => Promise<Result<unknown>>): void {
    toast(text, { id, duration: UNDO_MS, action: { label: t('desk.record.undo'), onClick: () => void undo() } });
  }

  async function during(act: () => Promise<boolean>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    try {
      return await act();
    } finally {
      busy.value = false;
    }
  }

  async function show({ customerId, name }: Customer): Promise<boolean> {
    const { contactId } = contact();
    const answer = await run(bridge.contact.update({ contactId, customerId }));
    if (answer.ok) undoable(t('desk.record.shown', { name }), `shown-${contactId}`, () => run(bridge.contact.update({ contactId, customerId: null })));
    return answer.ok;
  }

  async function give(customer: Customer): Promise<boolean> {
    const { customerId, name } = customer;
    const number = E164.safeParse(toE164(contact().number));
    if (!number.success) return show(customer);
    const answer = await run(api('customers.giveNumber', { customerId, number: number.data }), { quiet: ['customer.number-taken'] });
    if (!answer.ok) {
      if (!isOwned(answer.error) && answer.error.code === 'customer.number-taken') await run(Promise.resolve(answer));
      return false;
    }
    undoable(t('desk.record.given', { number: partyNumber(number.data), name }), `given-${number.data}`, () => run(api('customers.takeNumberBack', { customerId, number: number.data })));
    return true;
  }

  return { busy, owner, isOwned, give: (customer) => during(() => give(customer)), showAs: (customer) => during(() => show(customer)) };
}
