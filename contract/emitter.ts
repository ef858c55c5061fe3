import type { Disposer } from './errors.ts';

/** Listeners of one kind of event. Who subscribes gets a disposer; a test may count who is left. */
export class Emitter<Payload> {
  private readonly listeners = new Set<(payload: Payload) => void>();

  get size(): number {
    return this.listeners.size;
  }

  on(listener: (payload: Payload) => void): Disposer {
    // Wrapped, so that one function subscribed twice is two subscriptions.
    const own = (payload: Payload): void => listener(payload);
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  emit(payload: Payload): void {
    for (const listener of new Set(this.listeners)) listener(payload);
  }
}
