import * as fc from 'fast-check';
import type { LoggedEvent } from '../../../center/ports.ts';
import { AgentId, ContactId, GroupId } from '../../../contract/ids.ts';

const outcome = fc.constantFrom('answered', 'abandonedWaiting', 'busy', 'noAnswer', 'rejected', 'networkLost');
const kind = fc.constantFrom('inbound', 'outbound', 'internal');
const ms = fc.nat(600_000);

/** Whatever a line of the log that counts may say, in any order: what a center writes is among it. */
const what = fc.oneof(
  fc.record({ type: fc.constant('contact.started'), data: fc.record({ kind }) }),
  fc.record({ type: fc.constantFrom('contact.queued', 'contact.transferred', 'contact.returned'), data: fc.constant({}) }),
  fc.record({ type: fc.constant('contact.requeued'), data: fc.record({ why: fc.constantFrom('networkLost', 'unanswered') }) }),
  fc.record({ type: fc.constant('contact.refused'), data: fc.record({ outcome: fc.constantFrom('closed', 'noAgents', 'queueFull') }) }),
  fc.record({ type: fc.constant('contact.answered'), data: fc.record({ delayMs: ms, inTime: fc.boolean() }) }),
  fc.record({ type: fc.constant('contact.abandoned'), data: fc.record({ waitedMs: ms, short: fc.boolean(), ringing: fc.boolean() }) }),
  fc.record({ type: fc.constant('contact.offerEnded'), data: fc.record({ why: fc.constantFrom('rona', 'rejected') }) }),
  fc.record({ type: fc.constant('contact.handled'), data: fc.record({ talkMs: ms, holdMs: ms, afterCallMs: ms }) }),
  fc.record({ type: fc.constant('contact.ended'), data: fc.record({ outcome, talkMs: ms, kind }) }),
  fc.record({ type: fc.constant('agent.repaired'), data: fc.record({ was: fc.constant('x') }) }),
);

/** Lines of the log from a moment on, some hours of them, of few contacts, agents and groups, so that they meet. */
export const linesOfDay = (fromMs: number): fc.Arbitrary<LoggedEvent[]> =>
  fc
    .array(fc.tuple(what, fc.nat(5), fc.option(fc.nat(2), { nil: null }), fc.option(fc.nat(1), { nil: null }), fc.integer({ min: -60_000, max: 900_000 })), { maxLength: 60 })
    .map((lines) => {
      let at = fromMs;
      return lines.map(([{ type, data }, contact, agent, group, passed]) => ({
        type,
        data,
        at: (at += passed),
        contactId: ContactId.parse(`k${contact}`),
        agentId: agent === null ? null : AgentId.parse(`agent${agent}`),
        groupId: group === null ? null : GroupId.parse(`group${group}`),
      }));
    });
