import type { CtiRequest } from '../contract/cti/index.ts';
import type { Customer } from '../contract/customer.ts';
import type { Result } from '../contract/errors.ts';
import type { Calls } from './calls/calls.ts';
import { nameCustomer, namelessAgain, type Contact } from './calls/contact.ts';
import type { Records } from './ports.ts';

interface CustomerCommandParts {
  calls: Calls;
  records: Pick<Records, 'createCustomer' | 'updateCustomer' | 'givenNumbers' | 'giveNumber' | 'takeNumberBack'>;
  /** `store.unavailable` where nothing can be written now. */
  written: <Value>(write: Promise<Result<Value>>) => Promise<Result<Value>>;
}

/** What desks write about customers; the calls that they are in, and every desk, follow at once. */
export interface CustomerCommands {
  create: (request: CtiRequest<'customer.create'>) => Promise<Result<Customer>>;
  update: (request: CtiRequest<'customer.update'>) => Promise<Result<Customer>>;
  giveNumber: (request: CtiRequest<'customer.giveNumber'>) => Promise<Result<Customer>>;
  takeNumberBack: (request: CtiRequest<'customer.takeNumberBack'>) => Promise<Result<Customer>>;
}

export function createCustomerCommands({ calls, records, written }: CustomerCommandParts): CustomerCommands {
  const { history, logger } = calls.parts;

  /** @param gone numbers that were the customer's by mistake: calls with them are a stranger's again */
  async function saved(write: Promise<Result<Customer>>, gone: readonly string[] = []): Promise<Result<Customer>> {
    const answer = await written(write);
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
    create: ({ customer }) => saved(records.createCustomer(customer)),
    // Whoever removes a given number in the editor takes it back.
    update: async ({ customerId, version, customer }) => {
      const given = await records.givenNumbers(customerId);
      return saved(records.updateCustomer(customerId, version, customer), given);
    },
    giveNumber: ({ customerId, number }) => saved(records.giveNumber(customerId, number)),
    takeNumberBack: ({ customerId, number }) => saved(records.takeNumberBack(customerId, number), [number]),
  };
}
