import { join } from 'node:path';
import { app, nativeImage, Notification, powerSaveBlocker } from 'electron';
import type { Disposer } from '../../../contract/errors.ts';
import { attentionOf, type Attention, type RingNotification } from './attention.ts';
import type { Desk } from './desk.ts';

/** Badge, flashing, notifications with Answer and Reject, and a machine that stays awake during calls. */
export function followAttention(desk: Desk, icons: string): Disposer {
  let shown: { of: RingNotification; notification: Notification } | null = null;
  let blocker: { keeps: Attention['awake']; id: number } | null = null;
  let flashing = false;
  let badge = 0;

  update();
  const stop = desk.onChange(update);
  return () => {
    stop();
    notify(null);
    keepAwake('nothing');
  };

  function update(): void {
    const attention = attentionOf(desk.view, desk.windows.focused, desk.language);
    if (attention.badge !== badge) setBadge((badge = attention.badge));
    if (attention.flash !== flashing) desk.windows.main?.flashFrame((flashing = attention.flash));
    keepAwake(attention.awake);
    notify(attention.notification);
  }

  function setBadge(count: number): void {
    if (process.platform !== 'win32') app.setBadgeCount(count);
    else desk.windows.main?.setOverlayIcon(count === 0 ? null : nativeImage.createFromPath(join(icons, 'tray-talking.png')), String(count));
  }

  function keepAwake(awake: Attention['awake']): void {
    if (blocker?.keeps === awake) return;
    if (blocker !== null) powerSaveBlocker.stop(blocker.id);
    blocker = awake === 'nothing' ? null : { keeps: awake, id: powerSaveBlocker.start(awake === 'machine' ? 'prevent-app-suspension' : 'prevent-display-sleep') };
  }

  function notify(ring: RingNotification | null): void {
    if (JSON.stringify(ring) === JSON.stringify(shown?.of ?? null)) return;
    const former = shown;
    shown = null;
    former?.notification.close();
    if (ring === null || !Notification.isSupported()) return;
    const { contactId, title, body, answer, reject } = ring;
    const buttons = [
      { type: 'button' as const, text: answer, action: { do: 'answer' as const, contactId } },
      { type: 'button' as const, text: reject, action: { do: 'reject' as const, contactId } },
    ];
    // The desk rings by itself, on the device chosen for it.
    const notification = new Notification({ title, body, silent: true, urgency: 'critical', timeoutType: 'never', actions: buttons.map(({ type, text }) => ({ type, text })) });
    notification.on('click', () => desk.act({ do: 'show' }));
    notification.on('action', ({ actionIndex }) => {
      const button = buttons[actionIndex];
      if (button === undefined) return;
      desk.act(button.action);
      if (button.action.do === 'answer') desk.act({ do: 'show' });
    });
    shown = { of: ring, notification };
    notification.show();
  }
}
