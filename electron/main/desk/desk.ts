import type { DesktopProblem, DesktopSettings, SessionView } from '../../../contract/bridge/index.ts';
import type { Disposer } from '../../../contract/errors.ts';
import type { Logger } from '../../../agent/index.ts';
import type { DeskAction } from './actions.ts';
import type { Language } from './texts.ts';
import type { DeskWindows } from './windows.ts';

/** What the desk's surfaces (tray, notifications, keys, …) work with. */
export interface Desk {
  readonly view: SessionView;
  readonly settings: DesktopSettings;
  readonly language: Language;
  readonly windows: DeskWindows;
  readonly log: Logger;
  /** After each change of the session, the settings or the windows; several in one turn are told once. */
  onChange(listener: () => void): Disposer;
  act(action: DeskAction): void;
  /** Puts problems of one code in the place of those of the same code. */
  report(code: DesktopProblem['code'], problems: DesktopProblem[]): void;
}
