import { isOwnPage } from './origin.ts';

/** The pages talk to main alone, so they need no network: everything not named is denied. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Positions of menus and lists are computed, and set on the elements.
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "media-src 'self' blob: mediastream:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "worker-src 'none'",
].join('; ');

export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), usb=(), serial=(), bluetooth=(), payment=()',
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

/** Microphone, speaker choice, notifications and headsets, for our own pages alone; all else is denied. */
export function isPermitted({ permission, url, mediaTypes = [] }: PermissionQuestion): boolean {
  if (!isOwnPage(url)) return false;
  switch (permission) {
    case 'media':
      return mediaTypes.every((type) => type === 'audio');
    case 'speaker-selection':
    case 'notifications':
    // Which device, `mayUseDevice` says.
    case 'hid':
      return true;
    default:
      return false;
  }
}

/** HID Usage Tables: telephone headsets. */
const TELEPHONY_PAGE = 0x0b;

/** Whether a page may use a device: a telephone headset, from our own pages. No keyboard, no token, no USB at all. */
export const mayUseDevice = ({ deviceType, origin, device }: { deviceType: string; origin: string; device: { collections?: readonly { usagePage: number }[] } }): boolean =>
  deviceType === 'hid' && isOwnPage(origin) && (device.collections ?? []).some(({ usagePage }) => usagePage === TELEPHONY_PAGE);

/** Only our own pages are navigated to. */
export const mayNavigate = (url: string): boolean => isOwnPage(url);

/**
 * Whether an address may be given to the system's browser: https, at one of these hosts, on its usual port, without
 * credentials. The system would start any program for `ms-*:`, `file:` or a UNC path.
 * @param hosts exact names; a name below one of them is another host
 */
export function mayOpenExternally(url: string, hosts: readonly string[]): boolean {
  if (!/^https:\/\/[^\\\s]+$/i.test(url) || !URL.canParse(url)) return false;
  const { protocol, hostname, port, username, password } = new URL(url);
  return protocol === 'https:' && port === '' && username === '' && password === '' && hosts.includes(hostname);
}

/** Whether a bridge call may be heard: from the main frame of a window of ours, while that shows our own page. */
export function mayCall(senderFrame: { readonly url: string } | null, mainFrame: unknown): boolean {
  return senderFrame !== null && senderFrame === mainFrame && isOwnPage(senderFrame.url);
}
