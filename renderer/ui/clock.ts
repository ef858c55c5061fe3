import { inject, provide, ref, type InjectionKey, type Ref } from 'vue';

const clockKey: InjectionKey<Readonly<Ref<number>>> = Symbol('clock');

/** Gives the components below the center's time in epoch milliseconds, ticking. */
export const provideClock = (now: Readonly<Ref<number>>): void => provide(clockKey, now);

/** The center's time as given above; where none is given, the time of the call, standing still. */
export const useClock = (): Readonly<Ref<number>> => inject(clockKey, () => ref(Date.now()), true);
