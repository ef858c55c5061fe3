import { eraseCustomerJob } from '../../../center/jobs/kinds/erase-customer.ts';
import type { JobKind } from '../../../center/jobs/job.ts';
import { plainLine, type TimelineEntry } from '../../../contract/customer.ts';
import { AgentId, ContactId, type CustomerId } from '../../../contract/ids.ts';
import { draft, NOW, valueOf } from '../store/support.ts';
import { jobStage } from './support.ts';

export const NUMBER = '+821012345678';
export const CONTACTS = 120;

const entry = (id: string, customerId: CustomerId): TimelineEntry => ({
  ...plainLine, contactId: ContactId.parse(id), customerId, number: NUMBER, kind: 'inbound', startedAt: NOW, groupId: null, groupName: '', agentId: AgentId.parse('agent1'), agentName: '', outcome: 'answered', talkMs: 1, disposition: '', memo: 'MEMO',
});

/** A store with somebody who called often, and a memo of another that has their number. */
export async function erasureStage(kinds: readonly JobKind[] = [eraseCustomerJob]) {
  const opened = await jobStage(kinds);
  const { records } = opened.store;
  const { customerId } = valueOf(await records.createCustomer(draft({ name: 'PERSON', numbers: [{ e164: NUMBER, label: '' }] })));
  const other = valueOf(await records.createCustomer(draft({ name: 'OTHER', note: `lives with ${NUMBER}`, numbers: [] })));
  await records.putTimelineEntries(Array.from({ length: CONTACTS }, (_, index) => entry(`k${index}`, customerId)));
  const erase = () => opened.ask({ customerId, by: 'admin', address: '', reason: 'asked for by letter' }, customerId, 'customers.erase');
  const memos = async () => (await opened.db.selectFrom('contacts').select('memo').where('memo', '!=', '').execute()).length;
  const erasures = () => opened.db.selectFrom('audit').select(['details', 'note']).where('action', '=', 'customers.erased').execute();
  return { ...opened, customerId, other, erase, memos, erasures };
}

export const DONE = { of: 'erasure', numbers: 1, contacts: CONTACTS, left: ['customers.note'] };
