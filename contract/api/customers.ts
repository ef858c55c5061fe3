import { z } from 'zod';
import { AccessReport, Customer, CustomerChanges, CustomerDraft, CustomerRecord, E164, EraseRequest } from '../customer.ts';
import { CustomerId } from '../ids.ts';
import { Job } from '../job.ts';
import type { Endpoint } from './endpoint.ts';

export const MAX_CHANGES = 5000;

export const customerEndpoints = {
  'customers.changes': {
    method: 'GET',
    path: '/customers/changes',
    summary: 'What changed among customers and their histories since a cursor, oldest change first. To follow them, send back the cursor and the mark of the page before.',
    scope: 'customers.read',
    request: z.strictObject({ cursor: z.number().int().min(0).default(0), mark: z.string().max(80).nullable().default(null), limit: z.number().int().min(1).max(MAX_CHANGES).default(1000) }),
    response: CustomerChanges,
  },
  'customers.get': {
    method: 'GET',
    path: '/customers/:customerId',
    summary: 'A customer with their history, newest first. Who reads it is kept in the access log.',
    scope: 'customers.read',
    request: z.strictObject({ customerId: CustomerId }),
    response: CustomerRecord,
  },
  'customers.create': {
    method: 'POST',
    path: '/customers',
    summary: 'A new customer. Refused where one of the numbers is another’s.',
    scope: 'customers.write',
    request: CustomerDraft.strict(),
    response: Customer,
    audited: { subject: null },
  },
  'customers.update': {
    method: 'PUT',
    path: '/customers/:customerId',
    summary: 'Changes a customer. Where somebody else has changed it since that version, nothing is written, and `present` is what there is now.',
    scope: 'customers.write',
    request: CustomerDraft.extend({ customerId: CustomerId, version: Customer.shape.version }).strict(),
    response: Customer,
    versioned: true,
    audited: { subject: 'customerId' },
  },
  'customers.giveNumber': {
    method: 'POST',
    path: '/customers/:customerId/numbers',
    summary: 'A caller whom nobody knew is this customer: the number, and the contacts on record with it, are theirs. Refused with whose it is where the number is another’s.',
    scope: 'customers.write',
    request: z.strictObject({ customerId: CustomerId, number: E164 }),
    response: Customer,
    audited: { subject: 'customerId' },
  },
  'customers.takeNumberBack': {
    // Not in the address: proxies keep those in their logs.
    method: 'POST',
    path: '/customers/:customerId/numbers/taken-back',
    summary: 'Undoes, for a day, that a number was given: it and its contacts are nobody’s again.',
    scope: 'customers.write',
    request: z.strictObject({ customerId: CustomerId, number: E164 }),
    response: Customer,
    audited: { subject: 'customerId' },
  },
  'customers.erase': {
    method: 'POST',
    path: '/customers/:customerId/erase',
    summary: 'Erases a person: card, numbers, and what was written about them. It cannot be undone. A job: its result says how much it was, and where one of their numbers stands nevertheless.',
    scope: 'customers.erase',
    request: EraseRequest.extend({ customerId: CustomerId }),
    response: Job,
    audited: { subject: 'customerId', by: 'store' },
  },
  'customers.reportAccess': {
    method: 'POST',
    path: '/customers/accesses',
    summary: 'What a person opened at a desk, from what it keeps, beyond the call they were on: for the access log.',
    scope: 'customers.read',
    request: AccessReport,
    response: z.null(),
  },
} as const satisfies Record<string, Endpoint>;
