import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { createCodec } from './clone.ts';
import { ipcMain } from './ipc-main.ts';
import { openPage, type BrowserPage } from './browser.ts';
import type { PageEvents } from './browser-messages.ts';
import { toAppUrl, toPageUrl } from './schemes.ts';
import { defaultSession } from './session.ts';
import type { FromMain, ToMain } from './worlds.ts';

const codec = createCodec();
const everyContents = new Map<number, StandInWebContents>();
const byEvents = new WeakMap<PageEvents, StandInWebContents>();
let ids = 0;

/** The webContents that hears these events of a page. */
export const contentsOf = (events: PageEvents): StandInWebContents | undefined => byEvents.get(events);

/** As much of WebFrameMain as is looked at. */
class Frame {
  url = '';
  readonly parent: Frame | null = null;
  readonly detached = false;
  get origin(): string {
    const { protocol, host } = new URL(this.url === '' ? 'about:blank' : this.url);
    return host === '' ? 'null' : `${protocol}//${host}`;
  }
  get top(): Frame {
    return this;
  }
}

/** Electron's webContents over a Chromium page. */
export class StandInWebContents extends EventEmitter {
  readonly id = ++ids;
  readonly mainFrame = new Frame();
  readonly session = defaultSession;
  private readonly preferences: Electron.WebPreferences;
  private readonly preload: string | null;
  private host: Promise<BrowserPage> | null = null;
  private current: BrowserPage | null = null;
  /** The page has shown nothing yet: there is nothing to reload. */
  private isBlank = true;
  private gone = false;
  private destroyed = false;
  /** Addresses main itself is going to; every other navigation is the page's own. */
  private readonly expected = new Set<string>();
  private openHandler: (details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse = () => ({ action: 'deny' });

  constructor(preferences: Electron.WebPreferences) {
    super();
    this.preferences = preferences;
    this.preload = preferences.preload ?? null;
    everyContents.set(this.id, this);
  }

  static getAllWebContents(): StandInWebContents[] {
    return [...everyContents.values()];
  }

  static fromId(id: number): StandInWebContents | undefined {
    return everyContents.get(id);
  }

  /** The target a test finds this page by; null while there is none, or a crashed one. */
  get targetId(): string | null {
    return this.gone ? null : (this.current?.targetId ?? null);
  }

  getLastWebPreferences(): Electron.WebPreferences {
    return this.preferences;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  isCrashed(): boolean {
    return this.gone;
  }

  getURL(): string {
    return this.mainFrame.url;
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.destroyed) throw new TypeError('Object has been destroyed');
    deliver(this.current, { type: 'message', channel, args: codec.encode(args) });
  }

  setWindowOpenHandler(handler: (details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse): void {
    this.openHandler = handler;
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.living();
    this.isBlank = false;
    await this.goTo(url, () => page.command({ do: 'goto', url: toPageUrl(url) }));
  }

  reload(): void {
    void this.living()
      .then((page) => (this.isBlank ? this.loadURL(this.mainFrame.url) : this.goTo(this.mainFrame.url, () => page.command({ do: 'reload' }))))
      .catch(() => {});
  }

  reloadIgnoringCache(): void {
    this.reload();
  }

  async executeJavaScript(code: string): Promise<unknown> {
    return (await this.living()).command({ do: 'evaluate', code });
  }

  forcefullyCrashRenderer(): void {
    void this.current?.command({ do: 'crash' });
  }

  setBackgroundThrottling(): void {}
  focus(): void {}
  stop(): void {}
  isLoading(): boolean {
    return this.expected.size > 0;
  }

  /** A page's own navigation. @returns whether it may happen */
  navigates(url: string): boolean {
    const details = { url, isMainFrame: true, isSameDocument: false, frame: this.mainFrame, defaultPrevented: false, preventDefault: () => void (details.defaultPrevented = true) };
    if (!this.expected.has(url)) {
      this.emit('will-frame-navigate', details);
      this.emit('will-navigate', details, url);
    }
    if (!details.defaultPrevented) this.emit('did-start-navigation', { url, isMainFrame: true, isSameDocument: false, frame: this.mainFrame });
    return !details.defaultPrevented;
  }

  /** Sizes the page as its window is. */
  resize(width: number, height: number): void {
    void this.living()
      .then((page) => page.command({ do: 'resize', width: Math.round(width), height: Math.round(height) }))
      .catch(() => {});
  }

  async destroy(): Promise<void> {
    if (this.destroyed) return;
    this.destroyed = true;
    everyContents.delete(this.id);
    const { host } = this;
    this.emit('destroyed');
    if (host !== null) await (await host).command({ do: 'close' });
  }

  private async goTo(url: string, go: () => Promise<unknown>): Promise<void> {
    this.expected.add(url);
    try {
      await go();
    } catch (error) {
      this.emit('did-fail-load', {}, -2, String(error), url, true);
      throw error;
    } finally {
      this.expected.delete(url);
    }
  }

  /** The page, a new one where the last one's process is gone. */
  private living(): Promise<BrowserPage> {
    if (this.gone) void this.current?.command({ do: 'close' });
    if (this.host === null || this.gone) {
      this.gone = false;
      this.current = null;
      this.isBlank = true;
      const events = this.events();
      byEvents.set(events, this);
      this.host = openPage(this.preload, events).then((page) => (this.current = page));
    }
    return this.host;
  }

  private events(): PageEvents {
    const hasCrashed = { now: false };
    return {
      said: (message, fromMainFrame) => this.said(message, fromMainFrame),
      loaded: () => this.emit('did-finish-load'),
      painted: () => this.emit('first-paint'),
      movedWithin: (url) => {
        this.mainFrame.url = toAppUrl(url);
        this.emit('did-start-navigation', { url: this.mainFrame.url, isMainFrame: true, isSameDocument: true, frame: this.mainFrame });
        this.emit('did-navigate-in-page', {}, this.mainFrame.url, true);
      },
      committed: (url) => {
        this.mainFrame.url = toAppUrl(url);
        this.emit('did-navigate', {}, this.mainFrame.url, 200, 'OK');
      },
      crashed: () => {
        hasCrashed.now = true;
        this.gone = true;
        this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
      },
      closed: () => {
        if (!this.destroyed && !hasCrashed.now) this.emit('page-closed');
      },
      popup: (url) => this.opens(toAppUrl(url), ''),
    };
  }

  private said(message: ToMain, fromMainFrame: boolean): void {
    if (message.type === 'open') return this.opens(toAppUrl(message.url), message.frameName);
    const senderFrame = fromMainFrame ? this.mainFrame : null;
    const event = { sender: this, senderFrame, processId: this.id, frameId: 1 } as unknown as Electron.IpcMainInvokeEvent;
    const args = codec.decode(message.args) as unknown[];
    if (message.type === 'send') {
      ipcMain.emit(message.channel, event, ...args);
      return;
    }
    const { current } = this;
    void ipcMain.invoked(message.channel, event, args).then(
      (value) => deliver(current, { type: 'reply', id: message.id, ok: true, value: codec.encode(value) }),
      (error: unknown) => deliver(current, { type: 'reply', id: message.id, ok: false, value: codec.encode(new Error(`Error invoking remote method '${message.channel}': ${String(error)}`)) }),
    );
  }

  private opens(url: string, frameName: string): void {
    const { action } = this.openHandler({ url, frameName, features: '', disposition: 'new-window', referrer: { url: '', policy: 'no-referrer' } });
    if (action !== 'deny') throw new Error('the stand-in opens no windows for pages: the desktop denies all of them');
  }
}

/** Lost where there is no page, as in Electron. */
function deliver(page: BrowserPage | null, message: FromMain): void {
  void page?.command({ do: 'deliver', message }).catch(() => {});
}

type Used = Pick<Electron.WebContents, 'id' | 'send' | 'isDestroyed' | 'isCrashed' | 'getURL' | 'setWindowOpenHandler' | 'loadURL' | 'reload' | 'executeJavaScript' | 'forcefullyCrashRenderer' | 'isLoading'>;
StandInWebContents.prototype satisfies Used;
