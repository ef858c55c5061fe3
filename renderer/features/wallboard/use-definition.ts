import { inject, provide, shallowRef, type InjectionKey, type ShallowRef } from 'vue';
import type { FigureName } from './figures.ts';
import type { Level } from './thresholds.ts';

/** The figure on which the pointer rests. */
export interface Pointed {
  name: FigureName;
  level: Level;
  thresholdMs: number;
}

const key: InjectionKey<ShallowRef<Pointed | null>> = Symbol('definition');

/** Whoever shows the definition of the figure that is pointed at, in a place where it covers none. */
export function provideDefinition(): ShallowRef<Pointed | null> {
  const pointed = shallowRef<Pointed | null>(null);
  provide(key, pointed);
  return pointed;
}

export const useDefinition = (): ShallowRef<Pointed | null> => inject(key, () => shallowRef(null), true);
