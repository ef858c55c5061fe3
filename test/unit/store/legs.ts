import type { Kysely } from 'kysely';
import { readContacts } from '../../../center/store/contacts.ts';
import type { Tables } from '../../../center/store/tables.ts';
import type { TimelineEntry } from '../../../contract/customer.ts';
import { NOW } from './support.ts';

/* Parts of contacts, as they are told. */

export const talked = { kind: 'talked', at: NOW + 24_000, agentId: 'agent1', name: '상담원 1', number: '', as: 'answered', from: '', talkMs: 98_000.5, holdMs: 12_000, to: '상담원 2' };
export const outside = { kind: 'talked', at: NOW + 60_000, agentId: null, name: '+821099998888', number: '+821099998888', as: 'consulted', from: '상담원 1', talkMs: 0, holdMs: 0, consultMs: 3000, to: '' };
export const waited = { kind: 'waited', at: NOW, groupName: '주문', ms: 24_000 };
export const elsewhere = { kind: 'waited', at: NOW - 5000, groupName: '기술 지원', ms: 5000 };
export const missed = { kind: 'missed', at: NOW + 10_000, agentId: 'agent3', name: '상담원 3', why: 'rona' };
export const GROUP = { groupId: 'orders' };

export async function contactsIn(db: Kysely<Tables>): Promise<Record<string, TimelineEntry['parts']>> {
  const rows = await db.selectFrom('contacts').selectAll().orderBy('revision').execute();
  return Object.fromEntries((await readContacts(db, rows)).map(({ contactId, parts }) => [contactId, parts]));
}
