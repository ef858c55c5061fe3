import { randomUUID } from 'node:crypto';
import { done, fail, type Result } from '../../contract/errors.ts';
import type { HangUpCause } from '../switch/port.ts';
import { callerUser } from '../switch/text.ts';
import type { Calls } from './calls.ts';
import { anchorOf, type Contact, type Leg, type RejoinCall } from './contact.ts';
import { channelEnded } from './departures.ts';
import { holdsFromNow } from './holding.ts';

/** The phone answers by itself; it needs a window for that, which may be reloading once more. */
export const REJOIN_MS = 10_000;
/** A moment of silence is less odd than a moment of music. */
export const SILENCE_MS = 1000;
/** The switch's own limit lies behind ours, which decides. */
const SWITCH_SLACK_MS = 5000;

/**
 * The agent's phone asks to be dialled again for the call it is in: its page was reloaded, and the switch takes no new
 * audio by re-INVITE. The leg stays what it is, with its agent, its place and its clock; the new channel takes the
 * former one's place as soon as it is answered. Nobody else is told, and nothing is counted.
 * `contact.action-not-allowed`: the call is not up.
 */
export function rejoin(calls: Calls, contact: Contact, leg: Leg, { ticket, held }: { ticket: string; held: boolean }): Result<null> {
  const { clock, switchPort, logger } = calls.parts;
  const agent = calls.agentOf(leg);
  if (leg.state !== 'up' || agent === undefined) return fail('contact.action-not-allowed', `rejoining a leg that is ${leg.state}`);
  const formerGone = leg.rejoin?.formerGone === true;
  // For a page that was reloaded again, what was begun for the one before is of no use.
  calls.stopRejoin(leg);
  const channelId = randomUUID();
  const stopSilence = clock.setTimeout(() => {
    made.slow = true;
    calls.arrange(contact);
  }, SILENCE_MS);
  const stopWaiting = clock.setTimeout(() => rejoinFailed(calls, channelId, 'noAnswer'), REJOIN_MS);
  const made: RejoinCall = {
    channelId, held, slow: false, formerGone,
    stopTimers: () => {
      stopSilence();
      stopWaiting();
    },
  };
  const beside = anchorOf(contact);
  calls.startRejoin(contact, leg, made);
  logger.info({ contactId: contact.contactId, agentId: agent.agentId }, 'a phone that lost its audio is dialled again');
  void switchPort
    .originate({
      channelId,
      destination: { kind: 'endpoint', user: agent.record.extension },
      callerNumber: callerUser(contact.number),
      callerName: contact.customerName || contact.callerName,
      ringTimeoutMs: REJOIN_MS + SWITCH_SLACK_MS,
      headers: { 'X-Sangdam-Leg': leg.dialogKey, 'X-Sangdam-Contact': contact.contactId, 'X-Sangdam-Rejoin': ticket },
      ...(beside !== undefined && { beside }),
    })
    .then((result) => {
      if (!result.ok) rejoinFailed(calls, channelId, 'failed');
    });
  return done();
}

/** The phone has answered: its new channel is where the former was. Answers whether the channel is such a one. */
export function rejoined(calls: Calls, channelId: string): boolean {
  const found = calls.rejoining(channelId);
  if (found === undefined) return false;
  const { contact, leg, rejoin: { held, formerGone } } = found;
  const former = leg.channelId;
  calls.takeRejoin(leg);
  if (leg.muted) void calls.parts.switchPort.setMuted(leg.channelId, true);
  holdsFromNow(calls, contact, leg, held);
  if (leg.place === 'flow') calls.parts.flows.playbackLost(contact.contactId);
  // After the new one is on its way in: its phone has let go of it already.
  if (!formerGone) calls.hangUpChannel(former, 'normal');
  return true;
}

/** It cannot be dialled, or does not answer: the agent's network is lost, as far as anyone can tell. */
export function rejoinFailed(calls: Calls, channelId: string, cause: HangUpCause): boolean {
  const found = calls.rejoining(channelId);
  if (found === undefined) return false;
  const { contact, leg, rejoin: { formerGone } } = found;
  const agent = calls.agentOf(leg);
  calls.parts.logger.warn({ contactId: contact.contactId, agentId: agent?.agentId ?? null, cause }, 'a phone that lost its audio could not be dialled again');
  const former = leg.channelId;
  calls.stopRejoin(leg);
  if (agent !== undefined) calls.parts.desks.notify(agent, 'networkLost', contact.contactId);
  channelEnded(calls, contact, leg, 'networkLost');
  if (!formerGone) calls.hangUpChannel(former, 'networkLost');
  return true;
}
