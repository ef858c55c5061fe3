import { app, session, shell, type WebContents } from 'electron';
import type { Logger } from '../../agent/index.ts';
import { isPermitted, mayNavigate, mayOpenExternally, mayUseDevice } from './security.ts';

/** What the guards need to know. */
export interface GuardOptions {
  /** Hosts whose https pages may be opened in the system's browser. */
  externalHosts: () => readonly string[];
  log: Logger;
}

/** Puts the policies of security.ts where Electron asks for them: for every page there will ever be. */
export function guardEverything(options: GuardOptions): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, options));
  app.on('certificate-error', (event, _contents, _url, error, _certificate, decide) => {
    // Refusing is Electron's own way, too; said here, so that nobody adds a way around it unseen.
    event.preventDefault();
    options.log.warn({ error }, 'a certificate was refused');
    decide(false);
  });
  guardPermissions();
}

function guardContents(contents: WebContents, { externalHosts, log }: GuardOptions): void {
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenExternally(url, externalHosts())) void shell.openExternal(url).catch((error: unknown) => log.warn({ error: String(error) }, 'the browser could not be opened'));
    return { action: 'deny' };
  });
  const stayHome = (details: { url: string; preventDefault: () => void }): void => {
    if (mayNavigate(details.url)) return;
    details.preventDefault();
    log.warn({}, 'a page tried to go elsewhere');
  };
  contents.on('will-navigate', stayHome);
  contents.on('will-frame-navigate', stayHome);
  contents.on('will-redirect', stayHome);
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Denies by default: what pages may ask of the system is in `isPermitted`. */
function guardPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, decide, details) => {
    const mediaTypes = 'mediaTypes' in details && Array.isArray(details.mediaTypes) ? details.mediaTypes : undefined;
    decide(isPermitted({ permission, url: details.requestingUrl, ...(mediaTypes && { mediaTypes }) }));
  });
  defaultSession.setPermissionCheckHandler((_contents, permission, origin, details) => {
    const mediaTypes = details.mediaType === undefined ? [] : [details.mediaType];
    return isPermitted({ permission, url: origin, mediaTypes });
  });
  defaultSession.setDevicePermissionHandler(({ deviceType, origin, device }) => mayUseDevice({ deviceType, origin, device: 'collections' in device ? device : {} }));
  // The person clicked "choose headset", and has one in nearly every case; the settings name which it became.
  defaultSession.on('select-hid-device', (event, { deviceList, frame }, choose) => {
    event.preventDefault();
    choose(deviceList.find((device) => mayUseDevice({ deviceType: 'hid', origin: frame?.url ?? '', device }))?.deviceId);
  });
}
