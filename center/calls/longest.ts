import type { Calls } from './calls.ts';
import type { Contact, Leg } from './contact.ts';

/** The agents in the call are told this long before it is ended. */
const WARN_BEFORE_MS = 60_000;

/** A leg to the outside is up, and the center pays: it is ended after `longestMs`, and whoever is in the call told before. */
export function limitLength(calls: Calls, contact: Contact, leg: Leg, longestMs: number): void {
  const { clock } = calls.parts;
  const end = (): void => {
    calls.parts.logger.info({ contactId: contact.contactId, longestMs }, 'a call to the outside was ended: the longest there may be');
    calls.hangUpChannel(leg.channelId, 'normal');
  };
  const warn = (): void => {
    for (const other of calls.onChannel(leg.channelId)?.contact.legs ?? []) {
      const agent = other.state === 'up' ? calls.agentOf(other) : undefined;
      if (agent !== undefined) calls.parts.desks.notify(agent, 'callEndsSoon', contact.contactId);
    }
    leg.stopTimer = clock.setTimeout(end, Math.min(WARN_BEFORE_MS, longestMs));
  };
  leg.stopTimer = clock.setTimeout(warn, Math.max(0, longestMs - WARN_BEFORE_MS));
}
