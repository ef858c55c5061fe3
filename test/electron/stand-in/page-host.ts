import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { CDPSession, Page } from 'playwright';
import type { PageEvents } from './browser-messages.ts';
import { theContext } from './chromium.ts';
import { createCodec } from './clone.ts';
import { FROM_MAIN, pageScript, PRELOAD_WORLD, preloadScript, TO_MAIN, type FromMain, type ToMain } from './worlds.ts';

/** One Chromium page with its two worlds. A webContents gets a new one after a crash, for Chromium's is then dead. */
export class PageHost {
  readonly page: Page;
  readonly targetId: string;
  private readonly cdp: CDPSession;
  private readonly mainFrameId: string;
  /** Of the preload's world in the main frame, while there is a document. */
  private preloadContext: number | null = null;
  private readonly frames = new Map<number, string>();

  private constructor(page: Page, cdp: CDPSession, targetId: string, mainFrameId: string) {
    this.page = page;
    this.cdp = cdp;
    this.targetId = targetId;
    this.mainFrameId = mainFrameId;
  }

  static async open(preload: string | null, events: PageEvents, onPage: (page: Page) => void): Promise<PageHost> {
    const page = await theContext().newPage();
    onPage(page);
    const cdp = await theContext().newCDPSession(page);
    const { targetInfo } = await cdp.send('Target.getTargetInfo');
    const { frameTree } = await cdp.send('Page.getFrameTree');
    const host = new PageHost(page, cdp, targetInfo.targetId, frameTree.frame.id);
    host.listen(events);
    await cdp.send('Page.enable');
    await cdp.send('Page.setLifecycleEventsEnabled', { enabled: true });
    await cdp.send('Runtime.enable');
    await cdp.send('Runtime.addBinding', { name: TO_MAIN, executionContextName: PRELOAD_WORLD });
    const key = randomUUID();
    const codec = String(createCodec);
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript(codec, key) });
    const source = preload === null ? '' : await readFile(preload, 'utf8');
    const names = { toMain: TO_MAIN, fromMain: FROM_MAIN, platform: process.platform, electron: process.versions['electron'] ?? '' };
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: preloadScript(codec, key, names, source), worldName: PRELOAD_WORLD });
    return host;
  }

  /** Says something to the preload; lost where there is no document, as in Electron. */
  deliver(message: FromMain): void {
    if (this.preloadContext === null) return;
    const declaration = `function (text) { globalThis.${FROM_MAIN}?.(text); }`;
    void this.cdp
      .send('Runtime.callFunctionOn', { functionDeclaration: declaration, executionContextId: this.preloadContext, arguments: [{ value: JSON.stringify(message) }] })
      // The document went while the message was on its way.
      .catch(() => {});
  }

  /** Ends the renderer's process as a crash does. */
  crash(): void {
    void this.cdp.send('Page.crash').catch(() => {});
  }

  async close(): Promise<void> {
    await this.page.close().catch(() => {});
  }

  private listen(events: PageEvents): void {
    const { page, cdp } = this;
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId } = (context.auxData ?? {}) as { frameId?: string };
      if (context.name !== PRELOAD_WORLD || frameId === undefined) return;
      this.frames.set(context.id, frameId);
      if (frameId === this.mainFrameId) this.preloadContext = context.id;
    });
    cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      this.frames.delete(executionContextId);
      if (this.preloadContext === executionContextId) this.preloadContext = null;
    });
    cdp.on('Runtime.executionContextsCleared', () => {
      this.frames.clear();
      this.preloadContext = null;
    });
    cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name === TO_MAIN) events.said(JSON.parse(payload) as ToMain, this.frames.get(executionContextId) === this.mainFrameId);
    });
    cdp.on('Page.navigatedWithinDocument', ({ url, frameId }) => {
      if (frameId === this.mainFrameId) events.movedWithin(url);
    });
    cdp.on('Page.frameNavigated', ({ frame }) => {
      if (frame.id === this.mainFrameId) events.committed(frame.url);
    });
    cdp.on('Page.lifecycleEvent', ({ name, frameId }) => {
      if (name === 'firstPaint' && frameId === this.mainFrameId) events.painted();
    });
    page.on('load', () => events.loaded());
    page.on('crash', () => events.crashed());
    page.on('close', () => events.closed());
    page.on('popup', (popup) => {
      events.popup(popup.url());
      void popup.close().catch(() => {});
    });
  }
}
