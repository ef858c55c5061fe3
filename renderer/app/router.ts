import { computed, type Component, type ComputedRef } from 'vue';
import { createRouter, createWebHistory, useRoute, useRouter, type Router, type RouteRecordRaw } from 'vue-router';
import { hasScope, type Holder } from '../../contract/permissions.ts';
import type { Screen } from './feature.ts';
import { features } from './features.ts';

/** A feature's screen, as the rail shows it and the address names it. */
export interface NamedScreen extends Screen {
  name: string;
}

/** The screens of this release, in the rail's order. */
export const screens: readonly NamedScreen[] = features.flatMap(({ name, screen }) => (screen === undefined ? [] : [{ name, ...screen }]));

const isFor = ({ scope }: Screen, who: Holder): boolean => scope === undefined || hasScope(who, scope);

export const screensOf = (who: Holder): NamedScreen[] => screens.filter((screen) => isFor(screen, who));

/** Whether a route is for whoever is signed in; what is no screen is for everybody. */
export const mayOpen = (name: unknown, who: Holder): boolean => screens.every((screen) => screen.name !== name || isFor(screen, who));

const homes = screens.filter(({ home }) => home !== undefined).toSorted((one, other) => (one.home ?? 0) - (other.home ?? 0));

/** Where somebody begins: at their desk; without one where they set up or look on. */
export const homeOf = (who: Holder): string => homes.find((screen) => isFor(screen, who))?.name ?? '';

export const isFullScreen = (name: unknown): boolean => screens.some((screen) => screen.name === name && screen.fullScreen === true);

/** Fetches a screen's page before it is opened. */
export const prefetchPage = (name: unknown): void => void screens.filter((screen) => screen.name === name).map(({ page }) => page());

/** The name of the screen that is open, or, before the first one is, of the one that the address asks for. In a component's setup. */
export function useScreenName(): ComputedRef<unknown> {
  const route = useRoute();
  const router = useRouter();
  return computed(() => route.name ?? router.resolve(router.options.history.location).name);
}

/**
 * @param whoIs who is signed in, as soon as somebody is: until then no screen opens, and one not for them leads to where
 * they begin
 * @param prepare fetches what a screen needs beside its page
 */
export function createAppRouter(whoIs: () => Promise<Holder>, prepare: (screen: string) => Promise<void>): Router {
  const open = async ({ name, page }: NamedScreen): Promise<{ default: Component }> => (await Promise.all([page(), prepare(name)]))[0];
  const routes = screens.map((screen): RouteRecordRaw => ({ name: screen.name, path: screen.path, component: () => open(screen) }));
  const router = createRouter({ history: createWebHistory(), routes: [...routes, { path: '/:rest(.*)*', redirect: '/' }] });
  router.beforeEach(async ({ name }) => {
    const who = await whoIs();
    return mayOpen(name, who) || { name: homeOf(who) };
  });
  return router;
}
