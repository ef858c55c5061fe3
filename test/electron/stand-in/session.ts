import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { grantPermissions } from './browser.ts';
import { protocol, toPageUrl } from './schemes.ts';

type RequestHandler = Parameters<Electron.Session['setPermissionRequestHandler']>[0];
type CheckHandler = Parameters<Electron.Session['setPermissionCheckHandler']>[0];

/** Chromium's names of permissions, as Electron asks for them. */
const QUESTIONS: { browser: string; permission: string; mediaType?: 'audio' | 'video' }[] = [
  { browser: 'microphone', permission: 'media', mediaType: 'audio' },
  { browser: 'camera', permission: 'media', mediaType: 'video' },
  { browser: 'notifications', permission: 'notifications' },
  { browser: 'geolocation', permission: 'geolocation' },
  { browser: 'clipboard-read', permission: 'clipboard-read' },
];

/** As much of a session as is used. Chromium cannot ask us when a page does, so an origin is asked for beforehand. */
class Session extends EventEmitter {
  readonly protocol = protocol;
  readonly proxies: Electron.ProxyConfig[] = [];
  private request: RequestHandler = null;
  private check: CheckHandler = null;
  verifyCertificate: Parameters<Electron.Session['setCertificateVerifyProc']>[0] = null;
  private readonly decided = new Set<string>();

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.request = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.check = handler;
  }

  setDevicePermissionHandler(_handler: Parameters<Electron.Session['setDevicePermissionHandler']>[0]): void {}

  setCertificateVerifyProc(proc: Parameters<Electron.Session['setCertificateVerifyProc']>[0]): void {
    this.verifyCertificate = proc;
  }

  setProxy(config: Electron.ProxyConfig): Promise<void> {
    this.proxies.push(config);
    return Promise.resolve();
  }

  resolveProxy(): Promise<string> {
    return Promise.resolve('DIRECT');
  }

  /** Grants an origin in Chromium what the application's handlers grant it, and nothing else. */
  async decideFor(url: string): Promise<void> {
    const { origin } = new URL(toPageUrl(url));
    if (origin === 'null' || this.decided.has(origin)) return;
    this.decided.add(origin);
    const granted: string[] = [];
    for (const { browser, permission, mediaType } of QUESTIONS) if (await this.grants(url, permission, mediaType)) granted.push(browser);
    await grantPermissions(origin, granted);
  }

  private async grants(url: string, permission: string, mediaType?: 'audio' | 'video'): Promise<boolean> {
    const { request, check } = this;
    const contents = {} as Electron.WebContents;
    const { origin } = new URL(url);
    const details = { requestingUrl: url, isMainFrame: true, ...(mediaType === undefined ? {} : { mediaType, mediaTypes: [mediaType] }) };
    // Electron grants where no handler is set.
    if (check !== null && !check(contents, permission as Parameters<NonNullable<CheckHandler>>[1], origin === 'null' ? url.replace(/^([a-z]+:\/\/[^/]*).*$/, '$1/') : `${origin}/`, details)) return false;
    return request === null || new Promise((resolve) => request(contents, permission as Parameters<NonNullable<RequestHandler>>[1], resolve, details));
  }
}

export const defaultSession = new Session();
export const session = { defaultSession, fromPartition: () => defaultSession };
defaultSession satisfies Pick<Electron.Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'setCertificateVerifyProc' | 'setProxy' | 'resolveProxy'>;
