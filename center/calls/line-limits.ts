import { WITHHELD } from '../../contract/phone-number.ts';
import type { Agent } from '../agents/agent.ts';
import type { Calls } from './calls.ts';
import type { Contact } from './contact.ts';

/** One call, and a second to consult or to hand on (RFC 5589 §7). */
const LINES_OF_A_PHONE = 2;

/** Whether one more call from outside is too many: for the center, for the number it is to, or of one caller. */
export function isFull(calls: Calls, number: string, dialled: string): boolean {
  const { inboundAtOnce, inboundPerNumber, inboundPerCaller } = calls.parts.office.configuration.dialling.line;
  const inbound = calls.all.filter(({ kind, outcome }) => kind === 'inbound' && outcome === null);
  const isTooMany = (most: number, isSame: (contact: Contact) => boolean): boolean => inbound.filter(isSame).length >= most;
  if (inbound.length >= inboundAtOnce || isTooMany(inboundPerNumber, (contact) => contact.dialled === dialled)) return true;
  return number !== '' && number !== WITHHELD && isTooMany(inboundPerCaller, (contact) => contact.number === number);
}

/** Whether a phone of ours has calls on all of its lines already, whoever called whom. */
export function hasNoLine(calls: Calls, caller: { kind: 'agent'; agent: Agent } | { kind: 'phone'; user: string }): boolean {
  const isTheirs = (leg: Contact['legs'][number]): boolean =>
    leg.state !== 'ended' && (caller.kind === 'agent' ? leg.participant?.agentId === caller.agent.agentId : leg.target.kind === 'phone' && leg.target.user === caller.user);
  return calls.all.reduce((count, { legs }) => count + legs.filter(isTheirs).length, 0) >= LINES_OF_A_PHONE;
}
