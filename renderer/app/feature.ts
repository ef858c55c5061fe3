import type { Component } from 'vue';
import type { Scope } from '../../contract/permissions.ts';
import type { Messages } from './define-messages.ts';

/** Texts that come with what shows them. */
export type TextsLoader = () => Promise<{ messages: Messages }>;

/** A page of the window: its entry in the rail and the palette, its address, whom it is for. */
export interface Screen {
  /** In the rail, in the palette, and as the page's heading (`app.rail.<name>`). */
  title: Readonly<Record<'en' | 'ko', string>>;
  path: string;
  icon: Component;
  /** What a person must be able to do for it to be theirs; none: it is everybody's. */
  scope?: Scope;
  /** Without rail and top bar, for a display on the wall. */
  fullScreen?: true;
  /** People begin at the first of these that is theirs, in the order of the numbers; none: nobody begins here. */
  home?: number;
  /** Fetched when it is first opened. */
  page: () => Promise<{ default: Component }>;
}

/** What a feature is to the rest of the window: all that `app` knows of it. Its `manifest.ts` exports one. */
export interface Feature {
  /** Its screen's route, and where its texts stand: `history` → `history.…`. */
  name: string;
  screen?: Screen;
  /** Texts of what stands on the first screens, or may come over any other. */
  firstTexts?: Messages;
  /** Those that come with its page, by where they stand: its own, and those of what it shows of `shared`. */
  texts?: Readonly<Record<string, TextsLoader>>;
}
