/** The desktop's own origin: pages come from the app's files, never from `file://`. */
export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://desk';

/** Whether an address is one of the desktop's own pages. Prefixes do not count: `app://desk.evil` is another host. */
export function isOwnPage(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return `${protocol}//${host}` === APP_ORIGIN && username === '' && password === '';
}
