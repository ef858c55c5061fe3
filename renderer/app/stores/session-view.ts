import { isOlderView, type BridgePayload, type CallAudio, type SessionView } from '../../../contract/bridge/index.ts';
import type { ContactView } from '../../../contract/contact.ts';
import type { ContactId } from '../../../contract/ids.ts';
import { isLive } from '../../../contract/participant-state.ts';

/** The newer of what there is and what was asked for: an answer may come behind word of what has changed since. */
export const newerView = (present: SessionView | null, answer: SessionView): SessionView => (present !== null && isOlderView(answer.version, present.version) ? present : answer);

/** Whether a change can be put into this view: it is of the same run of the host, or says everything. */
export const isOfView = ({ version }: SessionView, patch: BridgePayload<'session.changed'>): boolean => patch.version === undefined || patch.version.run === version.run || patch.host !== undefined;

/**
 * The view after a `session.changed`: the parts it carries replace the old ones whole; an undefined part is none. What is
 * in the view already changes nothing, for it may be older than what the view says.
 */
export function applyPatch(view: SessionView, patch: BridgePayload<'session.changed'>): SessionView {
  if (patch.version !== undefined && isOlderView(patch.version, view.version)) return view;
  const carried: Partial<SessionView> = Object.fromEntries(Object.entries(patch).filter(([, part]) => part !== undefined));
  return { ...view, ...carried };
}

/** The first contact that rings here. */
export const ringingContact = (view: SessionView): ContactView | null => view.contacts.find((c) => c.me.state === 'ringing') ?? null;

/** Contacts with a live part of mine that does not merely ring, oldest first. */
export const activeContacts = (view: SessionView): ContactView[] =>
  view.contacts.filter((c) => isLive(c.me.state) && c.me.state !== 'ringing').sort((a, b) => a.startedAt - b.startedAt);

/** Contacts whose after-call work waits for me, oldest first. */
export const afterCallContacts = (view: SessionView): ContactView[] =>
  view.contacts.filter((c) => c.me.state === 'afterCall').sort((a, b) => a.startedAt - b.startedAt);

/**
 * The contact the desk is about. A ringing one comes first while nothing is being talked about;
 * then the one I talk in, then a ringing one beside it, then after-call work.
 */
export function contactInFocus(view: SessionView): ContactView | null {
  return activeContacts(view)[0] ?? ringingContact(view) ?? afterCallContacts(view)[0] ?? null;
}

/** Whether a call would be lost, or the next one missed, if this window went. */
export function isAtWork(view: SessionView): boolean {
  const state = view.card?.state.name;
  return view.phase === 'signedIn' && (state === 'READY' || state === 'RESERVED' || state === 'TALKING' || activeContacts(view).length > 0);
}

const SILENT = { dialog: 'none', muted: false, media: 'none' } as const;

/** What this desk knows of a contact's audio; silence where it knows nothing. */
export const audioOf = (view: SessionView, contactId: ContactId): CallAudio =>
  view.audio.find((audio) => audio.contactId === contactId) ?? { contactId, ...SILENT };
