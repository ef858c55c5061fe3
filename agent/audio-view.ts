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

/** Pure: what the desk knows of each contact's audio. `reports` is by the dialog's session. */
export function audioOf(contacts: readonly ContactView[], dialogs: readonly DialogView[], reports: ReadonlyMap<string, MediaReport>): CallAudio[] {
  const byKey = new Map(dialogs.map((dialog) => [dialog.key, dialog]));
  return contacts.map(({ contactId, me }) => {
    const dialog = byKey.get(me.dialogKey);
    if (dialog === undefined) return { contactId, dialog: 'none', muted: false, media: 'none' };
    const report = reports.get(dialog.session);
    return { contactId, dialog: DIALOG[dialog.state.name], muted: dialog.muted, media: report === undefined ? 'none' : MEDIA[report.state] };
  });
}
