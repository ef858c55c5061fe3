import { Settings, type SessionView } from '../../contract/bridge/index.ts';

/*
 * Settings are the person's and come with them. What the sign-in screen looks like until then is this browser's to
 * remember: nothing is kept of anybody at the host before they have signed in.
 */
const KEY = 'sangdam.appearance';
const Appearance = Settings.pick({ language: true, theme: true });

/** The view with this browser's last language and theme while nobody is signed in; else those are remembered. */
export function withAppearance<View extends Partial<SessionView>>(view: View, isOut: boolean): View {
  if (view.settings === undefined) return view;
  if (isOut) return { ...view, settings: { ...view.settings, ...remembered() } };
  localStorage.setItem(KEY, JSON.stringify(Appearance.parse(view.settings)));
  return view;
}

function remembered(): Partial<Settings> {
  try {
    return Appearance.parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
  } catch {
    return {};
  }
}
