import { app, dialog, type BrowserWindow, type Event, type WebContents } from 'electron';
import type { AgentSession, Logger } from '../../agent/index.ts';
import { callText } from './call-texts.ts';
import { systemLanguage, type Language } from './desk/texts.ts';
import { carriesCalls, HANG_PATIENCE_MS, RecoveryPolicy } from './recovery.ts';

export interface KeepCallsOptions {
  session: Pick<AgentSession, 'onCall' | 'view'>;
  /** Opens the desk's window again. */
  reopen: () => void;
  /** Closing the window only hides it, which is no loss to a call. */
  closingHides: () => boolean;
  log: Logger;
}

/**
 * A call outlives its window. Main has the dialogs: a page that crashed, hangs, was reloaded or closed comes back,
 * claims the audio, and the session sends a re-INVITE on a fresh peer connection. Leaving during a call, or while Ready, is
 * asked about.
 */
export class CallKeeper {
  private readonly options: KeepCallsOptions;
  private leaving = false;
  private asking = false;

  constructor(options: KeepCallsOptions) {
    this.options = options;
    app.on('browser-window-created', (_event, window) => this.watch(window));
  }

  /** In `before-quit`, before anything is given up. @returns whether the program stays for now */
  holdsQuit(event: Pick<Event, 'preventDefault'>): boolean {
    if (this.leaving || this.atStake === null) {
      this.leaving = true;
      return false;
    }
    event.preventDefault();
    void this.ask(this.atStake === 'ready' ? 'quitReady' : 'quit', () => {
      this.leaving = true;
      app.quit();
    });
    return true;
  }

  /** A call goes on although there is no window at the moment. */
  get keepRunning(): boolean {
    return !this.leaving && this.options.session.onCall;
  }

  /** What would be lost without this program: the call, or the calls that somebody who is Ready waits for. */
  private get atStake(): 'call' | 'ready' | null {
    const { session } = this.options;
    if (session.onCall) return 'call';
    const { card, phase } = session.view;
    const state = card?.state.name;
    return phase === 'signedIn' && (state === 'READY' || state === 'RESERVED') ? 'ready' : null;
  }

  private watch(window: BrowserWindow): void {
    const { session, reopen, closingHides, log } = this.options;
    const { webContents } = window;
    this.recover(window, webContents);
    // Known while the page is there: a closed window has none to ask.
    let carried = true;
    window.on('close', (event) => {
      carried = carriesCalls(webContents.getURL());
      if (closingHides() || this.leaving || !carried || this.atStake === null) return;
      event.preventDefault();
      void this.ask(this.atStake === 'ready' ? 'closeReady' : 'close', () => {
        this.leaving = true;
        app.quit();
      });
    });
    window.on('closed', () => {
      if (this.leaving || !carried || !session.onCall) return;
      log.warn({}, 'the window of a call was closed: it returns');
      // After everybody has heard that the window is gone.
      queueMicrotask(reopen);
    });
  }

  private recover(window: BrowserWindow, contents: WebContents): void {
    const { log } = this.options;
    const policy = new RecoveryPolicy(() => performance.now());
    contents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit' || window.isDestroyed()) return;
      const again = policy.crashed();
      log.error({ reason, again, onCall: this.options.session.onCall }, 'a window has crashed');
      if (again) contents.reload();
      else void this.askToGoOn(window, contents);
    });
    let patience: NodeJS.Timeout | null = null;
    const responsive = (): void => {
      if (patience !== null) clearTimeout(patience);
      patience = null;
    };
    contents.on('unresponsive', () => {
      log.warn({}, 'a window hangs');
      patience ??= setTimeout(() => {
        patience = null;
        // Heard above as a crash, and brought back.
        if (!contents.isDestroyed()) contents.forcefullyCrashRenderer();
      }, HANG_PATIENCE_MS);
    });
    contents.on('responsive', responsive);
    contents.on('destroyed', responsive);
  }

  private async ask(what: Parameters<typeof callText>[1], agreed: () => void): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      const { message, stay, leave } = callText(this.language, what);
      const { response } = await dialog.showMessageBox({ type: 'question', message, buttons: [stay, leave], defaultId: 0, cancelId: 0, noLink: true });
      if (response === 1) agreed();
    } finally {
      this.asking = false;
    }
  }

  /** The page crashes again and again: the person decides; the call goes on meanwhile. */
  private async askToGoOn(window: BrowserWindow, contents: WebContents): Promise<void> {
    const { message, stay, leave } = callText(this.language, 'crashes');
    const { response } = await dialog.showMessageBox({ type: 'error', message, buttons: [stay, leave], defaultId: 0, cancelId: 0, noLink: true });
    if (window.isDestroyed()) return;
    if (response === 0) contents.reload();
    else app.quit();
  }

  private get language(): Language {
    return this.options.session.view.settings.language ?? systemLanguage(app.getPreferredSystemLanguages());
  }
}
