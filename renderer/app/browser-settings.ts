import type { z } from 'zod';
import { Settings } from '../../contract/bridge/index.ts';

const KEY = 'sangdam.browser';

/** Devices have other ids in each browser, and another headset lies at each desk. */
const devices = { microphoneId: true, speakerId: true, ringerId: true } as const;
/** Of whoever was here last: what the sign-in screen looks like. */
const appearance = { language: true, theme: true } as const;
const BrowsersOwn = Settings.pick({ ...devices, ...appearance });
type BrowsersOwn = z.infer<typeof BrowsersOwn>;

/**
 * The part of the settings that is this browser's and not the person's, in its own storage. Nothing is kept of anybody at
 * the host before they have signed in, so the sign-in screen's language and theme are remembered here as well.
 */
export class BrowserSettings {
  private readonly storage: Pick<Storage, 'getItem' | 'setItem'>;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.storage = storage;
  }

  /** A person's settings as they are at this browser. */
  of(person: Settings): Settings {
    const { language, theme } = person;
    this.keep({ language, theme });
    return { ...person, ...only(devices, this.kept) };
  }

  /** What there is while nobody is signed in. */
  ofNobody(defaults: Settings): Settings {
    return { ...defaults, ...this.kept };
  }

  /** Keeps of some changes what is this browser's. @returns the rest, for the person */
  take(changes: { [Name in keyof Settings]?: Settings[Name] | undefined }): Partial<Settings> {
    this.keep(only(devices, changes));
    return Object.fromEntries(Object.entries(changes).filter(([name]) => !Object.hasOwn(devices, name)));
  }

  /** Keeps what somebody chooses for the sign-in screen. @returns what there is by then */
  takeOfNobody(changes: { [Name in keyof Settings]?: Settings[Name] | undefined }, defaults: Settings): Settings {
    this.keep(only(BrowsersOwn.shape, changes));
    return this.ofNobody(defaults);
  }

  private get kept(): Partial<BrowsersOwn> {
    try {
      return only(BrowsersOwn.shape, BrowsersOwn.partial().parse(JSON.parse(this.storage.getItem(KEY) ?? '{}')));
    } catch {
      return {};
    }
  }

  private keep(changes: Partial<BrowsersOwn>): void {
    this.storage.setItem(KEY, JSON.stringify({ ...this.kept, ...changes }));
  }
}

const only = (names: object, settings: object): Partial<BrowsersOwn> => Object.fromEntries(Object.entries(settings).filter(([name, value]) => Object.hasOwn(names, name) && value !== undefined));
