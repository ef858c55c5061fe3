import type { Customer, CustomerDraft } from '../../contract/customer.ts';
import type { Result } from '../../contract/errors.ts';
import type { CustomerId } from '../../contract/ids.ts';
import type { Calls } from '../calls/calls.ts';
import { nameCustomer, namelessAgain, type Contact } from '../calls/contact.ts';
import type { Durability } from '../durability.ts';
import type { Records } from '../ports.ts';

interface WritingParts {
  calls: Calls;
  records: Pick<Records, 'createCustomer' | 'updateCustomer' | 'givenNumbers' | 'giveNumber' | 'takeNumberBack'>;
  durability: Durability;
}

/** What people write of customers, durable when it resolves; the calls that they are in, and every desk, follow at once. */
export interface CustomerWriting {
  /** `customer.number-taken` names the number. */
  create(draft: CustomerDraft): Promise<Result<Customer>>;
  /** `customer.conflict` with the present customer, where somebody has changed it since `version`. */
  update(customerId: CustomerId, version: string, draft: CustomerDraft): Promise<Result<Customer>>;
  /** `customer.number-taken` with whose it is, `customer.numbers-full`, `customer.not-found`. */
  giveNumber(customerId: CustomerId, number: string): Promise<Result<Customer>>;
  /** `not-found` for a number that was not given, or long ago. */
  takeNumberBack(customerId: CustomerId, number: string): Promise<Result<Customer>>;
}

export function createCustomerWriting({ calls, records, durability }: WritingParts): CustomerWriting {
  const { history, logger } = calls.parts;

  /** @param gone numbers that were the customer's by mistake: calls with them are a stranger's again */
  async function saved(write: Promise<Result<Customer>>, gone: readonly string[] = []): Promise<Result<Customer>> {
    const answer = await durability.written(write);
    if (!answer.ok) return answer;
    const { customerId, name, numbers } = answer.value;
    const theirs = new Set<string>(numbers.map(({ e164 }) => e164));
    for (const contact of calls.all) {
      if (contact.customerId === customerId && gone.includes(contact.number) && !theirs.has(contact.number)) follow(contact, null);
      else if (contact.customerId === customerId || (contact.customerId === null && theirs.has(contact.number))) follow(contact, answer.value);
    }
    await history.changed([customerId]);
    logger.info({ customerId, named: name !== '' }, 'customer written');
    return answer;
  }

  function follow(contact: Contact, customer: Customer | null): void {
    if (customer === null) namelessAgain(contact);
    else nameCustomer(contact, customer);
    calls.publish(contact);
    calls.save(contact);
    // In after-call work its line is written already.
    history.keep(contact);
  }

  return {
    create: (draft) => saved(records.createCustomer(draft)),
    // Whoever removes a given number in the editor takes it back.
    update: async (customerId, version, draft) => {
      const given = await records.givenNumbers(customerId);
      return saved(records.updateCustomer(customerId, version, draft), given);
    },
    giveNumber: (customerId, number) => saved(records.giveNumber(customerId, number)),
    takeNumberBack: (customerId, number) => saved(records.takeNumberBack(customerId, number), [number]),
  };
}
