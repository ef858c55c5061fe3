import type { ErrorCode } from '../../contract/errors.ts';
import type { SwitchEvent, TransferId } from '../switch/port.ts';
import { joinConference } from './answers.ts';
import type { Calls } from './calls.ts';
import { accountOf, customerLeg, mainLegs, upLegs, type Contact, type Leg } from './contact.ts';
import { endContact, settleAnswered } from './endings.ts';
import { handedTo } from './parts.ts';
import { ringBack, transfer } from './transfers.ts';

/** How soon behind its REFER a phone's BYE belongs to it. */
const GOOD_BYE_MS = 3000;

type Requested = Extract<SwitchEvent, { type: 'channel.transferRequested' }>;

/** A phone asked by REFER for what its desk would ask by a button; it is carried out by the same code. */
export function transferRequested(calls: Calls, { transferId, channelId, to, replaces }: Requested): void {
  const from = calls.onChannel(channelId);
  // While the desk consults, its phone cannot hand on what is not settled yet.
  if (from === undefined || from.leg.state !== 'up' || from.contact.consultation !== null) {
    tell(calls, transferId, 'failed');
    return;
  }
  // Whoever called in, or was called outside, sends nobody on at our cost (RFC 3515 §5.2); only who may dial may refer.
  if (accountOf(from.leg) === null) {
    calls.parts.logger.warn({ contactId: from.contact.contactId, replaces: replaces !== null }, 'a REFER from outside was refused');
    tell(calls, transferId, 'refused');
    return;
  }
  const succeeded = () => tell(calls, transferId, 'succeeded');
  if (replaces !== null) {
    const second = calls.onChannel(replaces);
    if (second === undefined || !attended(calls, from.contact, from.leg, second.contact, second.leg, succeeded)) tell(calls, transferId, 'failed');
    return;
  }
  const result = transfer(calls, from.contact, from.leg, { kind: 'number', number: to }, succeeded);
  if (result.ok) return;
  const progress = progressOf(result.error.code);
  from.leg.referFailed = { at: calls.parts.clock.monotonic(), cause: progress === 'refused' ? 'rejected' : progress };
  tell(calls, transferId, progress);
}

/**
 * A phone that says good-bye right behind its REFER, without waiting for what comes of it, thinks that it has handed on
 * whom it talked with: they ring at it again. Answers whether they do.
 */
export function isHandedOnInVain(calls: Calls, contact: Contact, leg: Leg): boolean {
  if (leg.referFailed === null || calls.parts.clock.monotonic() - leg.referFailed.at > GOOD_BYE_MS) return false;
  return mainLegs(contact).length === 1 && ringBack(calls, contact, leg, leg.referFailed.cause);
}

const progressOf = (code: ErrorCode): 'busy' | 'refused' | 'failed' => (code === 'target.busy' ? 'busy' : code.startsWith('dial.') ? 'refused' : 'failed');

/** Told while the sender's channel lives: afterwards its phone would not hear how it went. */
function tell(calls: Calls, transferId: TransferId, progress: 'succeeded' | 'busy' | 'refused' | 'failed'): void {
  void calls.parts.switchPort.transferProgress(transferId, progress);
}

/**
 * REFER with Replaces (RFC 3891, 5589 §7): the parties of the phone's two calls are put together, and the phone is
 * out of both. The contact with the customer keeps its id and takes the other's parties in.
 */
function attended(calls: Calls, first: Contact, firstLeg: Leg, second: Contact, secondLeg: Leg, onAccepted: () => void): boolean {
  if (first === second || second.consultation !== null || second.transfer !== null || first.transfer !== null || secondLeg.state !== 'up' || !sameOwner(firstLeg, secondLeg)) return false;
  const keeps = customerLeg(first) === undefined && customerLeg(second) !== undefined ? second : first;
  const gives = keeps === first ? second : first;
  const [kept, given] = keeps === first ? [firstLeg, secondLeg] : [secondLeg, firstLeg];
  const moving = upLegs(gives).filter((leg) => leg !== given);
  if (moving.length === 0 || upLegs(keeps).every((leg) => leg === kept)) return false;

  onAccepted();
  // Out of the contact that ends, before it ends: its own layout must let go of them.
  gives.legs = gives.legs.filter((leg) => !moving.includes(leg));
  calls.parts.journal.write('contact.transferred', {}, { contactId: keeps.contactId, agentId: kept.participant?.agentId ?? null, groupId: keeps.groupId });
  for (const leg of moving) take(calls, gives, keeps, leg);
  endContact(calls, gives, 'answered', 'normal');
  calls.hangUp(kept, 'normal');
  settleAnswered(calls, keeps, kept);
  handedTo(keeps, kept.participant?.agentId, moving[0]?.name || (moving[0]?.number ?? ''));
  for (const leg of upLegs(keeps)) leg.place = 'main';
  joinConference(calls, keeps);
  keeps.answered = true;
  calls.arrange(keeps);
  return true;
}

/** Both calls are of one phone: nobody transfers what others talk about. */
function sameOwner(a: Leg, b: Leg): boolean {
  if (a.participant !== null || b.participant !== null) return a.participant?.agentId === b.participant?.agentId;
  return a.target.kind === 'phone' && b.target.kind === 'phone' && a.target.user === b.target.user;
}

function take(calls: Calls, from: Contact, to: Contact, leg: Leg): void {
  calls.adopt(to, leg);
  const agent = calls.agentOf(leg);
  if (agent === undefined) return;
  calls.withdraw(from, agent.agentId);
  if (leg.participant?.secondary === false) agent.apply({ type: 'moved', contactId: to.contactId });
}
