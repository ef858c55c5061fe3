import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import { findBrowser } from '../../scripts/browser.ts';
import { browserFlags } from './browser-flags.ts';
import { installEars, type Heard, type Microphone } from './ears.ts';
import { musicPedal, ring, voices, type Voice } from './tones.ts';

/** Starts the installed Chromium, without a window. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await findBrowser(), args: browserFlags, headless: true });
}

export interface PartyOptions {
  microphone?: Microphone;
  locale?: string;
  colorScheme?: 'light' | 'dark';
  viewport?: { width: number; height: number };
  /** Default 1; 2 for screenshots. */
  deviceScaleFactor?: number;
  /** Runs inside every page too, after the ears and before the page's own scripts. */
  script?: () => void;
  /** What the pages may ask of the test, by the names of functions in their window. */
  expose?: Readonly<Record<string, (text: string) => Promise<string>>>;
}

const HEAR_TIMEOUT_MS = 20_000;
const STEADY_MS = 250;

/** A person in a browser of their own (a fresh context), with a voice and ears. */
export class Party {
  readonly voice: Voice;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors the page did not handle: a test's cast asserts that there are none. */
  readonly pageErrors: Error[] = [];

  private constructor(voice: Voice, context: BrowserContext, page: Page) {
    this.voice = voice;
    this.context = context;
    this.page = page;
    page.on('pageerror', (error) => this.pageErrors.push(error));
  }

  /** The person at a page that somebody else opened, with ears installed in it. */
  static at(page: Page, voice: Voice): Party {
    return new Party(voice, page.context(), page);
  }

  static async create(browser: Browser, voice: Voice, options: PartyOptions = {}): Promise<Party> {
    const { microphone = 'works', locale = 'en-US', colorScheme = 'light', viewport = { width: 1280, height: 800 }, deviceScaleFactor = 1, script, expose = {} } = options;
    const context = await browser.newContext({
      locale,
      colorScheme,
      viewport,
      deviceScaleFactor,
      reducedMotion: 'reduce',
      timezoneId: 'Asia/Seoul',
      permissions: microphone === 'denied' ? ['notifications'] : ['microphone', 'notifications'],
    });
    context.setDefaultTimeout(30_000);
    await context.addInitScript(installEars, { voiceHz: voices[voice], microphone });
    for (const [name, answer] of Object.entries(expose)) await context.exposeFunction(name, answer);
    if (script !== undefined) await context.addInitScript(script);
    return new Party(voice, context, await context.newPage());
  }

  /** Waits until exactly these voices are heard, steadily, and neither any other voice nor music. */
  async hearsOnly(...expected: Voice[]): Promise<void> {
    await this.expectToHear({ present: expected, absent: others(expected), music: false });
  }

  /** Waits until these voices are heard, whatever else is. */
  async hears(...expected: Voice[]): Promise<void> {
    await this.expectToHear({ present: expected, absent: [], music: null });
  }

  /** Waits until none of these voices is heard, for a while. */
  async hearsNot(...unexpected: Voice[]): Promise<void> {
    await this.expectToHear({ present: [], absent: unexpected, music: null });
  }

  /** Waits until the hold music is heard, and nobody. */
  async hearsMusic(): Promise<void> {
    await this.expectToHear({ present: [], absent: others([]), music: true });
  }

  /** Waits until neither a voice nor music is heard. */
  async hearsNobody(): Promise<void> {
    await this.hearsOnly();
  }

  /** Waits until the desk's ring sounds here. */
  async hearsRinging(): Promise<void> {
    const heard = await this.page.evaluate((what) => window.ears.listen(what), { presentHz: [...ring], absentHz: [], steadyMs: 100, timeoutMs: HEAR_TIMEOUT_MS });
    if (!heard.ok) throw new Error(`${this.voice} should hear it ring, but measured ${measured(heard)}`);
  }

  /** Waits for a desktop notification with this text in its title. */
  async isNotified(text: string): Promise<void> {
    await this.page.waitForFunction((wanted) => window.ears.notifications.some((title) => title.includes(wanted)), text, { polling: 50 });
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  private async expectToHear(wish: { present: Voice[]; absent: Voice[]; music: boolean | null }): Promise<void> {
    const own = (voice: Voice) => voice !== this.voice;
    const presentHz = wish.present.map((voice) => voices[voice]);
    const absentHz = wish.absent.filter(own).map((voice) => voices[voice]);
    const listening = {
      presentHz: wish.music === true ? [...presentHz, ...musicPedal] : presentHz,
      // One note of the pedal suffices to notice music, and keeps clear of speech.
      absentHz: wish.music === false ? [...absentHz, musicPedal[0]] : absentHz,
      steadyMs: STEADY_MS,
      timeoutMs: HEAR_TIMEOUT_MS,
    };
    const heard = await this.page.evaluate((what) => window.ears.listen(what), listening);
    if (!heard.ok) throw new Error(`${this.voice} should hear ${describe(wish)}, but measured ${measured(heard)}`);
  }
}

const others = (expected: Voice[]): Voice[] => Object.keys(voices).filter((name): name is Voice => !expected.includes(name as Voice));

function describe({ present, absent, music }: { present: Voice[]; absent: Voice[]; music: boolean | null }): string {
  const who = present.length === 0 ? 'no particular voice' : present.join(' and ');
  const not = absent.length === 0 ? '' : `, not ${absent.join(', ')}`;
  return `${who}${music === null ? '' : music ? ' and music' : ', no music'}${not}`;
}

function measured({ levels, sources }: Heard): string {
  const names = new Map<string, string>([...Object.entries(voices).map(([name, hz]) => [String(hz), name] as const), ...musicPedal.map((hz) => [String(hz), 'music'] as const)]);
  const list = Object.entries(levels).map(([hz, level]) => `${names.get(hz) ?? hz} ${level}`);
  return `${list.join(', ')} from ${sources} playing source(s)`;
}
