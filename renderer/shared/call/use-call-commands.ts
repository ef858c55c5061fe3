import { useRoute, useRouter } from 'vue-router';
import type { ContactView } from '../../../contract/contact.ts';
import { useBridge } from '../../app/bridge.ts';
import { audioOf } from '../../app/stores/session-view.ts';
import { useSessionStore } from '../../app/stores/session.store.ts';
import { useCommands, type Commands } from '../../app/use-commands.ts';
import { useShortcut, type ShortcutName } from '../../app/use-shortcuts.ts';
import { actionKeys } from './action-keys.ts';
import { callControls, type CallControl } from './call-controls.ts';
import { useCallPanelsStore } from './call-panels.store.ts';

/** The key of each control of a call. */
export const keysOf: { readonly [Name in CallControl['name']]?: ShortcutName } = {
  mute: actionKeys.mute, hold: actionKeys.hold, resume: actionKeys.resume, keypad: actionKeys.keypad, hangUp: actionKeys.hangUp, consult: actionKeys.consult, transfer: actionKeys.transfer,
  completeTransfer: actionKeys.completeTransfer, conference: actionKeys.conference, swap: actionKeys.swap, cancelConsult: actionKeys.cancelConsult,
};
/** The keys that a call's controls listen to. */
export const controlKeys = [...new Set(Object.values(keysOf))];

/** What can be done with a call, the same from its card, from another screen and from the command palette. */
export function useCallCommands(): { press: (contact: ContactView, name: CallControl['name']) => void; busy: Commands['busy'] } {
  const bridge = useBridge();
  const session = useSessionStore();
  const panels = useCallPanelsStore();
  const route = useRoute();
  const router = useRouter();
  const { run, busy } = useCommands();

  /** Pickers and keypads stand beside the call's card. */
  async function onDesk(open: () => void): Promise<void> {
    if (route.name !== 'desk') await router.push('/');
    open();
  }

  function press(contact: ContactView, name: CallControl['name']): unknown {
    const { contactId } = contact;
    switch (name) {
      case 'mute':
        return run(bridge.phone.setMuted({ contactId, muted: session.view === null || !audioOf(session.view, contactId).muted }));
      case 'hold':
        return run(bridge.phone.hold({ contactId }));
      case 'resume':
        return run(bridge.phone.resume({ contactId }));
      case 'keypad':
        return onDesk(() => panels.toggleKeypad(contactId));
      case 'hangUp':
        return run(bridge.phone.hangUp({ contactId }));
      case 'consult':
      case 'transfer':
        return onDesk(() => panels.pick(contactId, name));
      case 'conference':
        return contact.me.allowed.includes('cancelConsult') ? run(bridge.contact.conference({ contactId, target: null })) : onDesk(() => panels.pick(contactId, 'conference'));
      case 'completeTransfer':
        return run(bridge.contact.completeTransfer({ contactId }));
      case 'swap':
        return run(bridge.contact.swap({ contactId }));
      case 'cancelConsult':
        return run(bridge.contact.cancelConsult({ contactId }));
      case 'pauseRecording':
        return undefined;
      default:
        return name satisfies never;
    }
  }

  return { busy, press: (contact, name) => void press(contact, name) };
}

/** The keys of the call in focus (none: they do nothing), wherever its controls are. */
export function useCallKeys(contactInFocus: () => ContactView | null, { press, busy }: ReturnType<typeof useCallCommands>): void {
  for (const shortcut of controlKeys) {
    useShortcut(shortcut, () => {
      const contact = contactInFocus();
      const control = contact === null ? undefined : callControls(contact.me.state, contact.me.allowed).find(({ name, enabled }) => enabled && keysOf[name] === shortcut);
      if (contact === null || control === undefined || busy.value) return false;
      press(contact, control.name);
      return true;
    });
  }
}
