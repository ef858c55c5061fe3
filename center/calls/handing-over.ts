import type { Calls } from './calls.ts';
import { liveLegs, upLegs } from './contact.ts';
import { endContact, loseContact } from './endings.ts';

/** How often it is looked whether the last call is over. */
const LOOK_EVERY_MS = 200;

/**
 * Leaves the calls on a switch that keeps them, in a shape that a center which starts later goes on with: who talks,
 * waits or listens to a flow is not disturbed and is kept in the log. What rings is called back, for it would be
 * answered by nobody; who only rings has nothing to go on with; and nobody is listened to that nobody shows.
 * Word of the switch must not be heard any more by now. Resolves when the switch has done it.
 */
export async function handOver(calls: Calls): Promise<void> {
  const { switchPort } = calls.parts;
  calls.supervisions.endAll();
  for (const contact of calls.all) if (contact.outcome === null && upLegs(contact).length === 0) endContact(calls, contact, 'networkLost');
  const ringing: string[] = [];
  for (const contact of calls.all) {
    if (contact.outcome !== null) continue;
    calls.save(contact);
    for (const leg of liveLegs(contact)) {
      if (leg.state === 'ringing') ringing.push(leg.channelId);
      if (leg.rejoin !== null) ringing.push(leg.rejoin.channelId);
    }
  }
  await Promise.all(ringing.map((channelId) => switchPort.hangUp(channelId, 'cancelled')));
}

/** Ends what does not outlive this process. Agents are told why before they notice. */
export function endAll(calls: Calls): void {
  calls.supervisions.endAll();
  for (const contact of calls.all) loseContact(calls, contact, 'normal');
}

/** Lets the calls there are come to their own end, for so long. Desks are told; that no more are taken is the caller's part. */
export async function drain(calls: Calls, drainMs: number): Promise<void> {
  const { clock, logger, roster, desks } = calls.parts;
  const hasCalls = (): boolean => calls.all.some(({ outcome }) => outcome === null);
  if (drainMs <= 0 || !hasCalls()) return;
  logger.info({ contacts: calls.all.length, drainMs }, 'no more calls are taken; those under way may come to their end');
  for (const agent of roster.all) desks.notify(agent, 'centerStopping', null, String(Math.ceil(drainMs / 60_000)));
  const until = clock.monotonic() + drainMs;
  while (hasCalls() && clock.monotonic() < until) await new Promise<void>((resolve) => void clock.setTimeout(resolve, LOOK_EVERY_MS));
}
