import type { Choice } from '../../../contract/agent-state.ts';
import type { SessionView } from '../../../contract/bridge/index.ts';
import type { ContactView } from '../../../contract/contact.ts';
import type { ContactId } from '../../../contract/ids.ts';

/** What the tray, a system-wide key, a notification or the system itself may have done at the desk. */
export type DeskAction =
  | { do: 'setState'; choice: Choice }
  | { do: 'answer' | 'reject' | 'hangUp'; contactId: ContactId }
  | { do: 'setMuted'; contactId: ContactId; muted: boolean }
  | { do: 'setDock'; dock: boolean }
  | { do: 'dialClipboard' | 'show' | 'openWallboard' | 'closeWallboard' | 'installUpdate' | 'quit' };

/** The first contact that rings here, and may be answered. */
export const ringingContact = (view: SessionView): ContactView | null => view.contacts.find(({ me }) => me.state === 'ringing') ?? null;

/** The contact in whose call this agent is; of several the one not on hold. */
export function callInProgress(view: SessionView): ContactView | null {
  const mine = view.contacts.filter(({ me }) => me.allowed.includes('hangUp'));
  return mine.find(({ me }) => me.state !== 'held') ?? mine[0] ?? null;
}

export const isMuted = (view: SessionView, contactId: ContactId): boolean => view.audio.find((audio) => audio.contactId === contactId)?.muted ?? false;

/** Answer what rings; null while nothing rings, or the center does not allow it. */
export function answerAction(view: SessionView): DeskAction | null {
  const contact = ringingContact(view);
  return contact?.me.allowed.includes('answer') ? { do: 'answer', contactId: contact.contactId } : null;
}

/** Hang up; while a call only rings, nothing: a key meant for the end of a call must not refuse the next one. */
export function hangUpAction(view: SessionView): DeskAction | null {
  const contact = callInProgress(view);
  return contact === null ? null : { do: 'hangUp', contactId: contact.contactId };
}

/** Mute, or no longer. */
export function muteAction(view: SessionView): DeskAction | null {
  const contact = callInProgress(view);
  if (contact === null || !contact.me.allowed.includes('mute')) return null;
  return { do: 'setMuted', contactId: contact.contactId, muted: !isMuted(view, contact.contactId) };
}
