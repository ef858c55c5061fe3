import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { settings } from './environment.ts';

/*
 * Starts an application as Electron would: Chromium first, then main, then `ready`. Wherever main or a package of
 * its asks for `electron`, by import or by require, it gets the stand-in; nothing of main is changed.
 */

const manifest = createRequire(import.meta.url)(join(settings.appFolder, 'package.json')) as { main: string };
const electronVersion = (createRequire(import.meta.url)('electron/package.json') as { version: string }).version;

Object.defineProperty(process.versions, 'electron', { value: electronVersion, enumerable: true });
Object.assign(process, { type: 'browser', resourcesPath: join(settings.appFolder, 'resources') });

const standIn = import.meta.resolve('./electron.ts');
registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' || specifier === 'electron/main' ? { url: standIn, shortCircuit: true } : next(specifier, context)),
});

const { default: electron } = await import('./electron.ts');
const { startBrowser } = await import('./browser.ts');
const { decideRequest } = await import('./routing.ts');
const { installProbe } = await import('../probe.ts');
const { listen } = await import('./control.ts');

const debuggingPort = await startBrowser(decideRequest);
installProbe(electron);
listen(electron, debuggingPort);

const mainStartedAt = Date.now();
Object.assign(globalThis, { standInStartedAt: mainStartedAt });
await import(pathToFileURL(join(settings.appFolder, manifest.main)).href);
electron.app.becomeReady();
