import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Electron from 'electron';
import type { Page } from 'playwright';
import { findElectron, hasDisplay } from '../../scripts/desktop.ts';
import { ROOT } from '../../scripts/run.ts';
import { installEars, type Microphone } from '../support/ears.ts';
import { voices, type Voice } from '../support/tones.ts';
import { until } from '../support/until.ts';
import { launchElectron } from './launch-electron.ts';
import { launchStandIn } from './launch-stand-in.ts';
import type { StandInSettings } from './stand-in/environment.ts';

export interface DesktopOptions {
  /** The center to sign in to. */
  server?: string;
  /** Gives the windows this voice and ears, instead of the browser's own microphone. */
  voice?: Voice;
  microphone?: Microphone;
  /** Arguments after the application, such as a deep link. */
  args?: string[];
  /** A folder of an earlier desktop, to start again with what it kept; a new one otherwise, removed at the end. */
  userData?: string;
  environment?: NodeJS.ProcessEnv;
  locale?: string;
  colorScheme?: 'light' | 'dark';
  /** Only for what cannot be had of the real one at all. */
  standIn?: Partial<Pick<StandInSettings, 'secretBackend' | 'isPackaged'>>;
  /** Another application's folder, for tests of the stand-in itself. */
  appFolder?: string;
}

export type ElectronModule = typeof Electron;

/** A running application, whichever of the two carries it. */
export interface Running {
  /** Runs a function in main; it may use nothing from outside its body. */
  evaluate<Result, Argument>(task: (electron: ElectronModule, argument: Argument) => Result | Promise<Result>, argument: Argument): Promise<Result>;
  /** Pages of the windows that are alive, in the order of their windows. */
  pages(): Promise<Page[]>;
  /** Address of a page as the browser has it. */
  address(url: string): string;
  /** Resolves with the exit code when main has ended. */
  readonly exited: Promise<number | null>;
  /** Resolves when nothing of it writes to its folder any more. */
  gone(): Promise<void>;
  /** Ends main at once, without a word. */
  kill(): void;
  /** What main wrote so far. */
  readonly output: () => string;
}

export interface LaunchParts {
  appFolder: string;
  userData: string;
  args: string[];
  environment: NodeJS.ProcessEnv;
  initScripts: string[];
  locale: string;
  colorScheme: 'light' | 'dark';
  standIn: Partial<StandInSettings>;
}

const executable = hasDisplay(process.env, process.platform) ? findElectron() : null;

/** What carries the desktop in this run, for the names of the specs and the report. */
export const carrier: 'the stand-in' | 'Electron' = executable === null ? 'the stand-in' : 'Electron';

/** The built desktop as it runs, seen from a test. */
export class Desktop {
  readonly userData: string;
  private readonly running: Running;
  private readonly temporary: boolean;

  private constructor(running: Running, userData: string, temporary: boolean) {
    this.running = running;
    this.userData = userData;
    this.temporary = temporary;
  }

  /** Starts it; resolves when main is being loaded. */
  static async launch(options: DesktopOptions = {}): Promise<Desktop> {
    const { server, voice, microphone = 'works', args = [], environment = {}, locale = 'en-US', colorScheme = 'light', appFolder = ROOT, standIn = {} } = options;
    const userData = options.userData ?? (await mkdtemp(join(tmpdir(), 'sangdam-desktop-')));
    const ears = voice === undefined ? [] : [`(${String(installEars)})(${JSON.stringify({ voiceHz: voices[voice], microphone })})`];
    const parts: LaunchParts = { appFolder, userData, args, locale, colorScheme, standIn, initScripts: ears, environment: { ...environment, ...(server === undefined ? {} : { SANGDAM_SERVER: server }) } };
    const running = executable === null ? await launchStandIn(parts) : await launchElectron(executable, parts);
    return new Desktop(running, userData, options.userData === undefined);
  }

  evaluate<Result, Argument = undefined>(task: (electron: ElectronModule, argument: Argument) => Result | Promise<Result>, ...[argument]: Argument extends undefined ? [] : [Argument]): Promise<Result> {
    return this.running.evaluate(task, argument as Argument);
  }

  /** The page of the window at this place in the order of creation, once it is there and has the desk's own address. */
  window(index = 0): Promise<Page> {
    return until(`window ${index}`, async () => (await this.windows())[index], 20_000).catch((error: unknown) => {
      throw new Error(`${String(error)}; main wrote: ${this.running.output()}`);
    });
  }

  async windows(): Promise<Page[]> {
    return (await this.running.pages()).filter((page) => !page.isClosed() && page.url() !== 'about:blank');
  }

  /** The desk's own address of a path, as the browser has it. */
  address(path: string): string {
    return this.running.address(`app://desk${path}`);
  }

  get exited(): Promise<number | null> {
    return this.running.exited;
  }

  get output(): string {
    return this.running.output();
  }

  /** Quits as a person does, and waits for the end. */
  async quit(): Promise<number | null> {
    // Main may be gone before it can answer.
    await this.evaluate(({ app }) => app.quit()).catch(() => {});
    return this.exited;
  }

  kill(): void {
    this.running.kill();
  }

  /** Ends it whatever it does, and removes what it kept, unless the folder was given. */
  async dispose(): Promise<void> {
    this.running.kill();
    await this.running.gone();
    if (this.temporary) await rm(this.userData, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
