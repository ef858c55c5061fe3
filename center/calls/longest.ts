import type { Calls } from './calls.ts';
import type { Contact, Leg } from './contact.ts';

/** Everybody in the call hears a beep this long before it is ended, and the agents among them are told. */
const WARN_BEFORE_MS = 60_000;
/** And a beep once more. */
const LAST_BEEP_BEFORE_MS = 10_000;

/** A leg to the outside is up, and the center pays: it is ended after `longestMs`, and whoever is in the call told before. */
export function limitLength(calls: Calls, contact: Contact, leg: Leg, longestMs: number): void {
  const { clock } = calls.parts;
  const end = (): void => {
    calls.parts.logger.info({ contactId: contact.contactId, longestMs }, 'a call to the outside was ended: the longest there may be');
    calls.hangUpChannel(leg.channelId, 'normal');
  };
  const talking = (): Leg[] => (calls.onChannel(leg.channelId)?.contact.legs ?? []).filter(({ state }) => state === 'up');
  const beep = (): void => {
    // Who has gone meanwhile need not hear it.
    for (const { channelId } of talking()) void calls.parts.switchPort.beep(channelId);
  };
  const beepAgain = (): void => {
    beep();
    leg.stopTimer = clock.setTimeout(end, Math.min(LAST_BEEP_BEFORE_MS, longestMs));
  };
  const warn = (): void => {
    beep();
    for (const other of talking()) {
      const agent = calls.agentOf(other);
      if (agent !== undefined) calls.parts.desks.notify(agent, 'callEndsSoon', contact.contactId);
    }
    leg.stopTimer = clock.setTimeout(beepAgain, Math.max(0, Math.min(WARN_BEFORE_MS, longestMs) - LAST_BEEP_BEFORE_MS));
  };
  leg.stopTimer = clock.setTimeout(warn, Math.max(0, longestMs - WARN_BEFORE_MS));
}
