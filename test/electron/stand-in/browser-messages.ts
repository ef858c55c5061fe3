import type { FromMain, ToMain } from './worlds.ts';

/*
 * What main's thread and the thread that drives Chromium say to each other. Chromium's driver has a thread, and so a
 * heap, of its own: what is measured of main is main's.
 */

export interface PageEvents {
  /** The preload says something, from the main frame or another one. */
  said(message: ToMain, fromMainFrame: boolean): void;
  loaded(): void;
  painted(): void;
  movedWithin(url: string): void;
  committed(url: string): void;
  crashed(): void;
  closed(): void;
  /** A page of another's making, such as of a link with a target: closed at once. */
  popup(url: string): void;
}

export type PageEvent = { [Name in keyof PageEvents]: { name: Name; args: Parameters<PageEvents[Name]> } }[keyof PageEvents];

/** What main asks of a page. */
export type PageCommand =
  | { do: 'goto'; url: string }
  | { do: 'reload' }
  | { do: 'evaluate'; code: string }
  | { do: 'resize'; width: number; height: number }
  | { do: 'deliver'; message: FromMain }
  | { do: 'crash' }
  | { do: 'close' };

export type ToBrowser =
  | { type: 'ask'; id: number; ask: { do: 'start' } | { do: 'stop' } | { do: 'grant'; origin: string; permissions: string[] } | { do: 'open'; page: number; preload: string | null } | { do: 'page'; page: number; command: PageCommand } }
  | { type: 'answer'; id: number; answer: RequestAnswer };

/** A request of a page, which main decides about. */
export interface PageRequest {
  page: number | null;
  url: string;
  method: string;
  headers: Record<string, string>;
  body: Uint8Array | null;
  isMainNavigation: boolean;
}

export type RequestAnswer = { do: 'abort' } | { do: 'continue' } | { do: 'fulfill'; status: number; headers: Record<string, string>; body: Uint8Array };

export type FromBrowser = { type: 'answered'; id: number; ok: boolean; value: unknown } | { type: 'event'; page: number; event: PageEvent } | { type: 'request'; id: number; request: PageRequest };
