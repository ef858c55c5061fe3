import type { AgentState, CenterReason, Choice } from '../../../contract/agent-state.ts';
import { awayReasonId } from '../../../contract/away-reasons.ts';
import type { SessionView } from '../../../contract/bridge/index.ts';
import { unreachable } from '../../../contract/errors.ts';
import { answerAction, callInProgress, isMuted, ringingContact, type DeskAction } from './actions.ts';
import { awayItems, awayWord } from './away-reasons.ts';
import { text, type Language } from './texts.ts';

/** Pictures in resources/icons: `tray-<name>.png`. They differ in shape as well as in colour. */
export type TrayIcon = 'ready' | 'away' | 'talking' | 'after-call' | 'offline';

export type MenuEntry =
  | { type: 'separator' }
  /** Without an action it is a heading. */
  | { type: 'item'; label: string; action: DeskAction | null; enabled: boolean; mark: 'none' | 'radio' | 'check'; checked: boolean }
  | { type: 'submenu'; label: string; enabled: boolean; entries: MenuEntry[] };

export interface TrayModel {
  icon: TrayIcon;
  tooltip: string;
  menu: MenuEntry[];
}

/** My own state at this desk, as the center says; null while nobody is signed in, and without a telephone. */
export const myState = (view: SessionView): AgentState | null =>
  view.phase === 'signedIn' && view.me?.kind !== 'console' ? (view.card?.state ?? null) : null;

/** What the tray shows and offers. Pure. */
export function trayModel(view: SessionView, language: Language): TrayModel {
  const state = myState(view);
  const isIn = view.phase === 'signedIn';
  const words = isIn && view.me?.kind === 'console' ? text(language, 'noPhone') : stateText(view, state, language);
  const who = view.me === null ? text(language, 'name') : view.me.name;
  return {
    icon: view.health.cti.state === 'connected' ? iconOf(state) : 'offline',
    tooltip: `${who} · ${words}`,
    menu: [heading(`${who} · ${words}`), ...stateEntries(view, state, language), ...callEntries(view, language), ...deskEntries(view, state, language)],
  };
}

function iconOf(state: AgentState | null): TrayIcon {
  switch (state?.name) {
    case undefined:
    case 'LOGGED_OUT':
      return 'offline';
    case 'READY':
      return 'ready';
    case 'NOT_READY':
      return 'away';
    case 'RESERVED':
    case 'TALKING':
      return 'talking';
    case 'AFTER_CALL':
      return 'after-call';
    default:
      return unreachable(state);
  }
}

function stateText(view: SessionView, state: AgentState | null, language: Language): string {
  if (state === null) return text(language, 'signedOut');
  switch (state.name) {
    case 'LOGGED_OUT':
      return text(language, 'signedOut');
    case 'READY':
      return text(language, 'ready');
    case 'NOT_READY':
      // What is no reason of a person's is the center's.
      return `${text(language, 'away')} (${awayWord(view, state, language) ?? text(language, state.reason as CenterReason)})`;
    case 'RESERVED':
      return withPending(view, text(language, 'ringing'), state.pending, language);
    case 'TALKING':
      return withPending(view, text(language, 'talking'), state.pending, language);
    case 'AFTER_CALL':
      return withPending(view, text(language, 'afterCall'), state.pending, language);
    default:
      return unreachable(state);
  }
}

function withPending(view: SessionView, words: string, pending: Choice | null, language: Language): string {
  if (pending === null) return words;
  const what = awayWord(view, pending, language) ?? text(language, pending.kind === 'ready' ? 'ready' : 'signOut');
  return `${words}, ${text(language, 'afterwards', { what })}`;
}

const separator: MenuEntry = { type: 'separator' };
const heading = (label: string): MenuEntry => ({ type: 'item', label, action: null, enabled: false, mark: 'none', checked: false });
const item = (label: string, action: DeskAction, enabled = true): MenuEntry => ({ type: 'item', label, action, enabled, mark: 'none', checked: false });

function stateEntries(view: SessionView, state: AgentState | null, language: Language): MenuEntry[] {
  if (state === null) return [];
  const radio = (label: string, choice: Choice, checked: boolean): MenuEntry => ({ type: 'item', label, action: { do: 'setState', choice }, enabled: true, mark: 'radio', checked });
  return [
    separator,
    radio(text(language, 'ready'), { kind: 'ready' }, state.name === 'READY'),
    {
      type: 'submenu',
      label: text(language, 'away'),
      enabled: true,
      entries: awayItems(view, language).map(({ id, label, choice }) => radio(label, choice, awayReasonId(state) === id)),
    },
  ];
}

function callEntries(view: SessionView, language: Language): MenuEntry[] {
  const entries: MenuEntry[] = [];
  const ringing = ringingContact(view);
  if (ringing !== null) {
    const { contactId, me } = ringing;
    entries.push(item(text(language, 'answer'), { do: 'answer', contactId }, answerAction(view) !== null));
    entries.push(item(text(language, 'reject'), { do: 'reject', contactId }, me.allowed.includes('reject')));
  }
  const call = callInProgress(view);
  if (call !== null) {
    const { contactId, me } = call;
    const muted = isMuted(view, contactId);
    entries.push({ type: 'item', label: text(language, 'mute'), action: { do: 'setMuted', contactId, muted: !muted }, enabled: me.allowed.includes('mute'), mark: 'check', checked: muted });
    entries.push(item(text(language, 'hangUp'), { do: 'hangUp', contactId }));
  }
  return entries.length === 0 ? [] : [separator, ...entries];
}

function deskEntries(view: SessionView, state: AgentState | null, language: Language): MenuEntry[] {
  const { dock } = view.settings;
  const wallboard = view.desktop?.wallboard ?? null;
  const isIn = view.phase === 'signedIn';
  const updateReady = view.desktop?.update.state === 'ready';
  return [
    separator,
    item(text(language, 'show'), { do: 'show' }),
    item(text(language, 'dialClipboard'), { do: 'dialClipboard' }, state !== null),
    { type: 'item', label: text(language, 'dock'), action: { do: 'setDock', dock: !dock }, enabled: true, mark: 'check', checked: dock },
    wallboard === null ? item(text(language, 'openWallboard'), { do: 'openWallboard' }, isIn) : item(text(language, 'closeWallboard'), { do: 'closeWallboard' }),
    separator,
    ...(updateReady ? [item(text(language, 'installUpdate'), { do: 'installUpdate' }, callInProgress(view) === null && ringingContact(view) === null)] : []),
    ...(isIn ? [item(text(language, 'signOut'), { do: 'setState', choice: { kind: 'signOut' } })] : []),
    item(text(language, 'quit'), { do: 'quit' }),
  ];
}
