import type { Disposer } from '../../contract/errors.ts';
import type { SwitchEvent } from './port.ts';

export type SwitchListener = (event: SwitchEvent) => void;

/** Who hears an engine's events. One that throws keeps nobody else from hearing them. */
export class Listeners {
  private readonly all = new Set<SwitchListener>();
  private readonly onError: (error: unknown, doing: string) => void;

  constructor(onError: (error: unknown, doing: string) => void) {
    this.onError = onError;
  }

  /** The same function may listen twice. */
  add(listener: SwitchListener): Disposer {
    const own: SwitchListener = (event) => listener(event);
    this.all.add(own);
    return () => this.all.delete(own);
  }

  tell(event: SwitchEvent): void {
    for (const listener of this.all) {
      try {
        listener(event);
      } catch (error) {
        this.onError(error, `listening to ${event.type}`);
      }
    }
  }

  clear(): void {
    this.all.clear();
  }
}
