import { randomUUID } from 'node:crypto';
import type { ContactView, Target } from '../contract/contact.ts';
import type { AgentId } from '../contract/ids.ts';
import { fail, type Result } from '../contract/errors.ts';
import { dialStringOf, parseDialString } from '../contract/phone-number.ts';
import { allowedActions, moveParticipant, type ParticipantEvent } from '../contract/participant-state.ts';
import type { Phone } from './phone/index.ts';

/** What the fallback needs of the session. */
interface FallbackParts {
  phone: () => Phone | null;
  /** Where an agent is called; null where that is not known. */
  extensionOf: (agentId: AgentId) => string | null;
  contacts: () => readonly ContactView[];
  /** Shows a contact's new state until the center says again what is. */
  show: (contact: ContactView) => void;
}

/**
 * Call control while the center's socket is away and SIP still works: a consultation is a second call, its
 * completion a REFER with Replaces (RFC 5589 §7), a blind transfer a plain REFER. The center sees the REFERs at
 * its switch and writes the same records; its next snapshot replaces what is shown here.
 */
export class SipFallback {
  private readonly parts: FallbackParts;
  /** Second calls, by the first one's dialog key. */
  private readonly consultations = new Map<string, string>();

  constructor(parts: FallbackParts) {
    this.parts = parts;
  }

  transfer(contact: ContactView, target: Target): Promise<Result<null>> {
    return this.withNumber(target, (phone, number) => phone.refer(contact.me.dialogKey, number));
  }

  consult(contact: ContactView, target: Target): Promise<Result<null>> {
    return this.withNumber(target, async (phone, number) => {
      const { dialogKey } = contact.me;
      const held = await phone.hold(dialogKey);
      if (!held.ok) return held;
      const second = `sip-${randomUUID()}`;
      const dialled = await phone.dial(number, second);
      if (!dialled.ok) return dialled;
      this.consultations.set(dialogKey, second);
      this.move(contact, 'consultStarted');
      this.follow(phone, contact, second);
      return dialled;
    });
  }

  completeTransfer(contact: ContactView): Promise<Result<null>> {
    return this.withSecond(contact, (phone, second) => phone.referTo(contact.me.dialogKey, second));
  }

  cancelConsult(contact: ContactView): Promise<Result<null>> {
    return this.withSecond(contact, async (phone, second) => {
      this.consultations.delete(contact.me.dialogKey);
      await phone.hangUp(second);
      const resumed = await phone.resume(contact.me.dialogKey);
      if (resumed.ok) this.move(contact, 'consultCancelled');
      return resumed;
    });
  }

  swap(contact: ContactView): Promise<Result<null>> {
    return this.withSecond(contact, async (phone, second) => {
      const [hold, resume] = contact.me.state === 'swapped' ? [contact.me.dialogKey, second] : [second, contact.me.dialogKey];
      const held = await phone.hold(hold);
      if (!held.ok) return held;
      const resumed = await phone.resume(resume);
      if (resumed.ok) this.move(contact, 'swapped');
      return resumed;
    });
  }

  private withNumber(target: Target, act: (phone: Phone, number: string) => Promise<Result<null>>): Promise<Result<null>> {
    const phone = this.parts.phone();
    const number = this.numberOf(target);
    if (phone === null) return Promise.resolve(fail('session.not-signed-in', 'nobody is signed in'));
    if (number === null) return Promise.resolve(target.kind === 'number' ? fail('number.invalid', 'not a phone number') : fail('target.unavailable', 'groups cannot be reached without the center'));
    return act(phone, number);
  }

  private withSecond(contact: ContactView, act: (phone: Phone, second: string) => Promise<Result<null>>): Promise<Result<null>> {
    const phone = this.parts.phone();
    const second = this.consultations.get(contact.me.dialogKey);
    if (phone === null || second === undefined) return Promise.resolve(fail('center.unreachable', 'the connection to the center is lost'));
    return act(phone, second);
  }

  private numberOf(target: Target): string | null {
    if (target.kind === 'number') {
      const dialled = parseDialString(target.number);
      return dialled.ok ? dialStringOf(dialled.value) : null;
    }
    if (target.kind === 'group') return null;
    return this.parts.extensionOf(target.agentId);
  }

  /** The target answers, or does not: then the customer is back. */
  private follow(phone: Phone, contact: ContactView, second: string): void {
    const { dialogKey } = contact.me;
    const stop = phone.onEvent((event) => {
      if (event.type !== 'dialog.changed' || event.dialog.key !== second) return;
      if (event.dialog.state.name === 'established' && event.dialog.state.hold === 'active') this.move(contact, 'consultAnswered');
      if (event.dialog.state.name !== 'ended') return;
      stop();
      if (!this.consultations.delete(dialogKey)) return;
      this.move(contact, 'consultFailed');
      void phone.resume(dialogKey);
    });
  }

  /** From the state that is shown now; what that state does not allow changes nothing. */
  private move({ contactId }: ContactView, event: ParticipantEvent): void {
    const contact = this.parts.contacts().find((one) => one.contactId === contactId);
    const next = contact === undefined ? null : moveParticipant(contact.me.state, event);
    if (contact === undefined || !next?.ok) return;
    this.parts.show({ ...contact, me: { ...contact.me, state: next.value, allowed: [...allowedActions(next.value)] } });
  }
}
