import { BookUser, Headset, History, MonitorDot, Settings, UsersRound, UserSearch } from '@lucide/vue';
import type { Component } from 'vue';
import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router';
import type { Role } from '../../contract/directory.ts';
import { hasScope, type Scope } from '../../contract/permissions.ts';

/** A screen of the left rail: its texts are `app.rail.<name>`. */
export interface Screen {
  name: 'desk' | 'customers' | 'history' | 'directory' | 'wallboard' | 'team' | 'settings';
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
  { name: 'desk', path: '/', icon: Headset },
  { name: 'customers', path: '/customers', icon: UserSearch },
  { name: 'history', path: '/history', icon: History },
  { name: 'directory', path: '/directory', icon: BookUser },
  { name: 'wallboard', path: '/wallboard', icon: MonitorDot, fullScreen: true },
  { name: 'team', path: '/team', icon: UsersRound, scope: 'agents.lead' },
  { name: 'settings', path: '/settings', icon: Settings },
];

/** The screens of this release, in the rail's order. */
export const screens: readonly Screen[] = allScreens.filter(({ name }) => pageOf(name) !== undefined);

const isFor = ({ scope }: Screen, role: Role): boolean => scope === undefined || hasScope(role, scope);

export const screensOf = (role: Role): Screen[] => screens.filter((screen) => isFor(screen, role));

/** Whether a route is for this role; what is no screen is for everybody. */
export const mayOpen = (name: unknown, role: Role): boolean => screens.every((screen) => screen.name !== name || isFor(screen, role));

export const isFullScreen = (name: unknown): boolean => screens.some((screen) => screen.name === name && screen.fullScreen === true);

/**
 * @param roleOf the role of who is signed in, null while nobody is: a screen not for them leads to the desk
 * @param prepare fetches what a screen needs beside its page
 */
export function createAppRouter(roleOf: () => Role | null, prepare: (screen: Screen['name']) => Promise<void>): Router {
  const open = async (name: Screen['name']): Promise<{ default: Component }> => {
    const [page] = await Promise.all([pageOf(name)?.(), prepare(name)]);
    if (page === undefined) throw new Error(`no page: ${name}`);
    return page;
  };
  const routes = screens.map(({ name, path }): RouteRecordRaw => ({ name, path, component: () => open(name) }));
  const router = createRouter({ history: createWebHistory(), routes: [...routes, { path: '/:rest(.*)*', redirect: '/' }] });
  router.beforeEach((to) => {
    const role = roleOf();
    return role === null || mayOpen(to.name, role) ? true : { name: 'desk' };
  });
  return router;
}
