import type { Target } from '../../contract/contact.ts';
import { fail, ok, unreachable, type Result } from '../../contract/errors.ts';
import type { GroupId } from '../../contract/ids.ts';
import { parseDialString } from '../../contract/phone-number.ts';
import type { Agent } from '../agents/agent.ts';
import type { FlowRecord } from '../configuration/records.ts';
import type { Calls } from './calls.ts';
import { liveLegs, type CallTarget } from './contact.ts';

/** Where a call can be sent: somebody who rings, or a place at the center. */
export type Resolved = { kind: 'call'; target: CallTarget } | { kind: 'group'; groupId: GroupId } | { kind: 'flow'; flow: FlowRecord };

const call = (target: CallTarget): Result<Resolved> => ok({ kind: 'call', target });

/** A target as an agent picks it, understood and found to be reachable now. */
export function resolveTarget(calls: Calls, target: Target): Result<Resolved> {
  switch (target.kind) {
    case 'agent': {
      const agent = calls.parts.roster.agent(target.agentId);
      return agent === undefined ? fail('target.unknown', 'no such agent') : reachAgent(agent);
    }
    case 'group': {
      const refusal = calls.parts.acd.refusal(target.groupId);
      if (calls.parts.office.group(target.groupId) === undefined) return fail('target.unknown', 'no such group');
      return refusal === null ? ok({ kind: 'group', groupId: target.groupId }) : fail('target.unavailable', `the group takes no calls: ${refusal}`);
    }
    case 'number':
      return resolveNumber(calls, target.number);
    default:
      return unreachable(target);
  }
}

/** A number as typed or dialled: an extension, a representative number of ours, or an outside number. */
export function resolveNumber(calls: Calls, written: string): Result<Resolved> {
  const parsed = parseDialString(written);
  if (!parsed.ok) return parsed;
  const { office } = calls.parts;
  if (parsed.value.kind === 'emergency') return call({ kind: 'outside', number: parsed.value.number });
  if (parsed.value.kind === 'service') return reachExtension(calls, parsed.value.number) ?? call({ kind: 'outside', number: parsed.value.number });
  if (parsed.value.kind === 'outside') {
    const flow = office.flowOf(parsed.value.e164);
    return flow === undefined ? call({ kind: 'outside', number: parsed.value.e164 }) : ok({ kind: 'flow', flow });
  }
  const { extension } = parsed.value;
  return reachExtension(calls, extension) ?? fail('target.unknown', `nobody has the extension ${extension}`);
}

/** Null where nobody has it. */
function reachExtension(calls: Calls, extension: string): Result<Resolved> | null {
  const { office, roster } = calls.parts;
  const agent = roster.atExtension(extension);
  if (agent !== undefined) return reachAgent(agent);
  const phone = office.deskPhoneAt(extension);
  if (phone === undefined) return null;
  if (!calls.parts.switchPort.isRegistered(phone.user)) return fail('target.unavailable', 'the phone is not registered');
  const isTalking = calls.all.some((contact) => liveLegs(contact).some(({ target }) => target.kind === 'phone' && target.user === phone.user));
  if (isTalking) return fail('target.busy', 'the phone is in a call');
  return call({ kind: 'phone', user: phone.user, number: phone.number, name: phone.displayName });
}

function reachAgent(agent: Agent): Result<Resolved> {
  const { state } = agent;
  if (state.name === 'LOGGED_OUT' || !agent.registered || !agent.hasWindow) return fail('target.unavailable', 'signed out, without a phone, or with no desk open');
  if (state.name !== 'READY' && state.name !== 'NOT_READY') return fail('target.busy', `the agent is ${state.name}`);
  return call({ kind: 'agent', agentId: agent.agentId });
}
