import { BookUser, Building2, Headset, History, MonitorDot, ScrollText, Settings, UsersRound, UserSearch } from '@lucide/vue';
import { computed, type Component, type ComputedRef } from 'vue';
import { createRouter, createWebHistory, useRoute, useRouter, type Router, type RouteRecordRaw } from 'vue-router';
import { hasScope, type Holder, type Scope } from '../../contract/permissions.ts';

/** A screen of the left rail: its texts are `app.rail.<name>`. */
export interface Screen {
  name: 'desk' | 'customers' | 'history' | 'directory' | 'wallboard' | 'team' | 'admin' | 'audit' | 'settings';
  path: string;
  icon: Component;
  /** What a person must be able to do for it to be theirs; none: it is everybody's. */
  scope?: Scope;
  /** Without rail and top bar, for a display on the wall. */
  fullScreen?: true;
}

/** Each screen's page is `features/<name>/<Name>Page.vue`, fetched when it is first opened. */
const pages = import.meta.glob<{ default: Component }>('../features/*/*Page.vue');
const pageOf = (name: string) => pages[`../features/${name}/${name.charAt(0).toUpperCase()}${name.slice(1)}Page.vue`];

const allScreens: readonly Screen[] = [
  { name: 'desk', path: '/', icon: Headset, scope: 'calls.handle' },
  { name: 'customers', path: '/customers', icon: UserSearch, scope: 'customers.read' },
  { name: 'history', path: '/history', icon: History, scope: 'customers.read' },
  { name: 'directory', path: '/directory', icon: BookUser, scope: 'account.own' },
  { name: 'wallboard', path: '/wallboard', icon: MonitorDot, fullScreen: true },
  { name: 'team', path: '/team', icon: UsersRound, scope: 'agents.lead' },
  { name: 'admin', path: '/admin', icon: Building2, scope: 'configuration.write' },
  { name: 'audit', path: '/audit', icon: ScrollText, scope: 'audit.read' },
  { name: 'settings', path: '/settings', icon: Settings, scope: 'account.own' },
];

/** The screens of this release, in the rail's order. */
export const screens: readonly Screen[] = allScreens.filter(({ name }) => pageOf(name) !== undefined);

const isFor = ({ scope }: Screen, who: Holder): boolean => scope === undefined || hasScope(who, scope);

export const screensOf = (who: Holder): Screen[] => screens.filter((screen) => isFor(screen, who));

/** Whether a route is for whoever is signed in; what is no screen is for everybody. */
export const mayOpen = (name: unknown, who: Holder): boolean => screens.every((screen) => screen.name !== name || isFor(screen, who));

/** Where somebody begins: at their desk; without one where they set up or look on. */
export const homeOf = (who: Holder): Screen['name'] => (['desk', 'admin', 'team', 'audit', 'history'] as const).find((name) => mayOpen(name, who)) ?? 'wallboard';

export const isFullScreen = (name: unknown): boolean => screens.some((screen) => screen.name === name && screen.fullScreen === true);

/** Fetches a screen's page before it is opened. */
export const prefetchPage = (name: unknown): void => void screens.filter((screen) => screen.name === name).map((screen) => pageOf(screen.name)?.());

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
export function createAppRouter(whoIs: () => Promise<Holder>, prepare: (screen: Screen['name']) => Promise<void>): Router {
  const open = async (name: Screen['name']): Promise<{ default: Component }> => {
    const [page] = await Promise.all([pageOf(name)?.(), prepare(name)]);
    if (page === undefined) throw new Error(`no page: ${name}`);
    return page;
  };
  const routes = screens.map(({ name, path }): RouteRecordRaw => ({ name, path, component: () => open(name) }));
  const router = createRouter({ history: createWebHistory(), routes: [...routes, { path: '/:rest(.*)*', redirect: '/' }] });
  router.beforeEach(async ({ name }) => {
    const who = await whoIs();
    return mayOpen(name, who) || { name: homeOf(who) };
  });
  return router;
}
