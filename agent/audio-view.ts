import type { MediaReport } from '../contract/bridge/media.ts';
import type { CallAudio } from '../contract/bridge/views.ts';
import type { ContactView } from '../contract/contact.ts';
import type { DialogState, DialogView } from './phone/index.ts';

const DIALOG: Record<DialogState['name'], CallAudio['dialog']> = {
  dialling: 'none',
  ringing: 'ringing',
  answering: 'ringing',
  established: 'established',
  leaving: 'none',
  ended: 'none',
};

const MEDIA: Record<MediaReport['state'], CallAudio['media']> = {
  connecting: 'connecting',
  connected: 'connected',
  disconnected: 'connecting',
  failed: 'failed',
  closed: 'none',
};

/**
 * Pure: what the desk knows of each contact's audio.
 * @param reports by the dialog's session
 * @param isRedialled whether a leg's phone is being dialled again
 */
export function audioOf(contacts: readonly ContactView[], dialogs: readonly DialogView[], reports: ReadonlyMap<string, MediaReport>, isRedialled: (key: string) => boolean): CallAudio[] {
  const byKey = new Map(dialogs.map((dialog) => [dialog.key, dialog]));
  return contacts.map(({ contactId, me }) => {
    const dialog = byKey.get(me.dialogKey);
    if (dialog === undefined) return { contactId, dialog: 'none', muted: false, media: isRedialled(me.dialogKey) ? 'reconnecting' : 'none' };
    const media = isRedialled(dialog.key) ? 'reconnecting' : mediaOf(dialog, reports.get(dialog.session));
    return { contactId, dialog: DIALOG[dialog.state.name], muted: dialog.muted, media };
  });
}

/** Of a call that had audio already, what is not there yet is on its way back. */
function mediaOf({ generation, state }: DialogView, report: MediaReport | undefined): CallAudio['media'] {
  const media = report?.generation === generation ? MEDIA[report.state] : 'none';
  return generation > 0 && state.name === 'established' && (media === 'none' || media === 'connecting') ? 'reconnecting' : media;
}
