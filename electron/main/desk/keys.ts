import { globalShortcut } from 'electron';
import type { DesktopProblem } from '../../../contract/bridge/index.ts';
import type { Disposer } from '../../../contract/errors.ts';
import type { Desk } from './desk.ts';
import { actionOf, shortcutPlan, type Binding } from './shortcut-plan.ts';

/** System-wide keys and media keys, taken from the system as the plan of the moment says. */
export function followKeys(desk: Desk): Disposer {
  const taken = new Map<string, Binding>();

  update();
  const stop = desk.onChange(update);
  return () => {
    stop();
    for (const keys of taken.keys()) globalShortcut.unregister(keys);
  };

  function update(): void {
    const plan = shortcutPlan(desk.settings, desk.view);
    const wanted = new Map<string, Binding>(plan.map((binding) => [binding.keys, binding]));
    if (JSON.stringify([...wanted]) === JSON.stringify([...taken])) return;
    for (const keys of taken.keys()) globalShortcut.unregister(keys);
    taken.clear();
    const refused: DesktopProblem[] = [];
    for (const [keys, binding] of wanted) {
      taken.set(keys, binding);
      if (!globalShortcut.register(keys, () => pressed(binding)) && binding.action !== 'mediaPlay' && binding.action !== 'mediaStop') {
        refused.push({ code: 'shortcutTaken', action: binding.action, keys });
      }
    }
    desk.report('shortcutTaken', refused);
  }

  function pressed(binding: Binding): void {
    const action = actionOf(binding, desk.view);
    if (action !== null) desk.act(action);
  }
}
