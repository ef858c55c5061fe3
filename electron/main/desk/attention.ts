import type { SessionView } from '../../../contract/bridge/index.ts';
import { callerTitle, oneLine } from '../../../contract/caller-name.ts';
import { waitedUntil, type ContactView } from '../../../contract/contact.ts';
import type { ContactId } from '../../../contract/ids.ts';
import { isLive } from '../../../contract/participant-state.ts';
import { formatNumber, isWithheld } from '../../../contract/phone-number.ts';
import { ringingContact } from './actions.ts';
import { text, type Language } from './texts.ts';

/** How the desk draws attention, and what it keeps from the system, at one moment. */
export interface Attention {
  /** Count on the program's icon. */
  badge: number;
  /** Whether the task bar flashes (Windows, Linux) or the dock icon bounces (macOS). */
  flash: boolean;
  /** What must not fall asleep: the machine while somebody talks or rings, the display too while it is a wallboard. */
  awake: 'nothing' | 'machine' | 'display';
  notification: RingNotification | null;
}

export interface RingNotification {
  contactId: ContactId;
  title: string;
  body: string;
  answer: string;
  reject: string;
}

/** @param focused whether the desk's window has the keyboard: then nothing needs to flash or pop up */
export function attentionOf(view: SessionView, focused: boolean, language: Language): Attention {
  const ringing = ringingContact(view);
  return {
    badge: view.contacts.filter(({ me }) => me.state === 'ringing').length,
    flash: ringing !== null && !focused,
    awake: view.desktop?.wallboard?.fullScreen === true ? 'display' : view.contacts.some(({ me }) => isLive(me.state)) ? 'machine' : 'nothing',
    notification: ringing === null || focused || !view.settings.notifications ? null : ringNotification(view, ringing, language),
  };
}

/** Who calls, for whom, and how long they have waited already. */
function ringNotification(view: SessionView, contact: ContactView, language: Language): RingNotification {
  const { contactId, customerName, number, groupId, flowPath, me } = contact;
  const group = view.groups.find((each) => each.groupId === groupId)?.name ?? text(language, 'direct');
  const waitedMs = waitedUntil(contact, me.since);
  const waited = waitedMs === null ? [] : [text(language, 'waited', { time: minutes(waitedMs) })];
  const shown = number === '' ? text(language, 'unknownCaller') : isWithheld(number) ? text(language, 'withheld') : formatNumber(number);
  return {
    contactId,
    title: callerTitle(customerName, shown),
    body: [group, ...waited, ...flowPath].map(oneLine).join(' · '),
    answer: text(language, 'answer'),
    reject: text(language, 'reject'),
  };
}

function minutes(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
