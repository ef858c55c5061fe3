import type { Disposer } from '../../contract/errors.ts';

export interface CallNotice {
  title: string;
  body: string;
  /** One call, one notification: a later one with the same tag takes its place. */
  tag: string;
}

/**
 * Shows a desktop notification where the person has allowed it; it is silent, for the desk rings by itself.
 * @param onClick the window has been brought forward
 * @returns takes it away
 */
export function notifyOfCall({ title, body, tag }: CallNotice, onClick: () => void): Disposer {
  if (mayNotify() !== 'granted') return () => {};
  let notification: Notification;
  try {
    notification = new Notification(title, { body, tag, silent: true, requireInteraction: true });
  } catch {
    // Phones' browsers have the name, but not the constructor.
    return () => {};
  }
  notification.addEventListener('click', () => {
    window.focus();
    notification.close();
    onClick();
  });
  return () => notification.close();
}

/** What the person said to notifications; `denied` where the browser has none. */
export const mayNotify = (): NotificationPermission => (typeof Notification === 'undefined' ? 'denied' : Notification.permission);

/** Asks the person; browsers want a click for it. */
export const askToNotify = async (): Promise<NotificationPermission> => (typeof Notification === 'undefined' ? 'denied' : Notification.requestPermission());
