import type * as Electron from 'electron';
import { needsReady } from './environment.ts';

const registered = new Map<string, () => void>();

export const globalShortcut = {
  /** For tests: accelerators that another program has. */
  taken: new Set<string>(),
  register(accelerator: string, callback: () => void): boolean {
    needsReady('globalShortcut');
    if (registered.has(accelerator) || globalShortcut.taken.has(accelerator)) return false;
    registered.set(accelerator, callback);
    return true;
  },
  registerAll(accelerators: string[], callback: () => void): void {
    for (const accelerator of accelerators) globalShortcut.register(accelerator, callback);
  },
  isRegistered: (accelerator: string): boolean => registered.has(accelerator),
  unregister: (accelerator: string): void => void registered.delete(accelerator),
  unregisterAll: (): void => registered.clear(),
  /** For tests: the keys are pressed. */
  press: (accelerator: string): void => registered.get(accelerator)?.(),
};
globalShortcut satisfies Pick<Electron.GlobalShortcut, 'register' | 'isRegistered' | 'unregister' | 'unregisterAll'>;
