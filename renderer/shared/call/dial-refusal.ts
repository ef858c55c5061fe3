import { parseDialText } from '../../../contract/dial-text.ts';
import { dialStringOf } from '../../../contract/phone-number.ts';
import { refusalOf, type Known, type Refusal } from './target-options.ts';

/** Why a call that is dialled here would come to nothing, as far as a desk knows; null: nothing is in the way, or it is no number yet. */
export function dialRefusal(text: string, known: Known): Refusal | null {
  const dialling = parseDialText(text);
  if (!dialling.ok) return null;
  const number = dialStringOf(dialling.value.target);
  const agent = known.agents.find(({ extension }) => extension === number);
  if (agent !== undefined) return refusalOf({ id: agent.agentId, kind: 'agent', agent, target: { kind: 'agent', agentId: agent.agentId } }, 'consult', known);
  return refusalOf({ id: 'number', kind: 'number', number, outside: dialling.value.target.kind !== 'extension', target: { kind: 'number', number } }, 'consult', known);
}
