import { isOwnPage } from './origin.ts';

/** The pages talk to main alone, so they need no network: everything not named is denied. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "media-src 'self' blob: mediastream:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/** Preferences of every window. */
export const windowPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  // A desk in the background rings and talks on.
  backgroundThrottling: false,
} as const;

/** What a permission question says of itself; Electron's own details have more. */
export interface PermissionQuestion {
  permission: string;
  /** Page that asks. */
  url: string;
  mediaTypes?: readonly string[];
}

/** Microphone, speaker choice and notifications, for our own pages alone; all else is denied. */
export function isPermitted({ permission, url, mediaTypes = [] }: PermissionQuestion): boolean {
  if (!isOwnPage(url)) return false;
  switch (permission) {
    case 'media':
      return mediaTypes.every((type) => type === 'audio');
    case 'speaker-selection':
    case 'notifications':
      return true;
    default:
      return false;
  }
}

/** Only our own pages are navigated to. */
export const mayNavigate = (url: string): boolean => isOwnPage(url);
