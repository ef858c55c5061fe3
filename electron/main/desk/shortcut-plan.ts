import { shortcutActions, type DesktopSettings, type SessionView, type ShortcutAction } from '../../../contract/bridge/index.ts';
import { answerAction, callInProgress, hangUpAction, muteAction, ringingContact, type DeskAction } from './actions.ts';

/** A key to take from the system, and what for. */
export type Binding = { keys: string; action: ShortcutAction } | { keys: MediaKey; action: 'mediaPlay' | 'mediaStop' };
type MediaKey = 'MediaPlayPause' | 'MediaStop';

/**
 * The system-wide keys of this moment. Media keys are taken only while a call is there, so that music obeys them
 * the rest of the day. Of two actions with the same keys the first wins.
 */
export function shortcutPlan({ shortcuts, mediaKeys }: Pick<DesktopSettings, 'shortcuts' | 'mediaKeys'>, view: SessionView): Binding[] {
  const chosen = shortcutActions.flatMap((action): Binding[] => {
    const keys = shortcuts[action];
    return keys === null ? [] : [{ keys, action }];
  });
  const unique = chosen.filter(({ keys }, index) => chosen.findIndex((other) => other.keys === keys) === index);
  const hasCall = ringingContact(view) !== null || callInProgress(view) !== null;
  return mediaKeys && hasCall ? [...unique, { keys: 'MediaPlayPause', action: 'mediaPlay' }, { keys: 'MediaStop', action: 'mediaStop' }] : unique;
}

/** What a pressed key does now; null where it does not apply. Play/pause answers and mutes, it never hangs up. */
export function actionOf(binding: Binding, view: SessionView): DeskAction | null {
  switch (binding.action) {
    case 'answer':
      return answerAction(view);
    case 'hangUp':
    case 'mediaStop':
      return hangUpAction(view);
    case 'mute':
      return muteAction(view);
    case 'mediaPlay':
      return answerAction(view) ?? muteAction(view);
    case 'dialClipboard':
      return { do: 'dialClipboard' };
    case 'show':
      return { do: 'show' };
    default:
      return binding satisfies never;
  }
}
