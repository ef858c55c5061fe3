import { isLink } from '../../../contract/deep-link.ts';

/** What a start of the program, or of a second one that hands over, asks for. */
export interface Launch {
  /** A link as it came, unread. */
  link: string | null;
  /** Into the tray, without a window: by autostart. */
  hidden: boolean;
  kiosk: boolean;
}

/**
 * Reads a command line. A start by a link takes the link and nothing else: whoever wrote the link must not be able
 * to slip in switches beside it.
 * @param argv without the executable; Chromium's own switches may be among them
 */
export function parseLaunch(argv: readonly string[]): Launch {
  const link = argv.find((argument) => isLink(argument)) ?? null;
  if (link !== null) return { link, hidden: false, kiosk: false };
  return { link: null, hidden: argv.includes('--hidden'), kiosk: argv.includes('--kiosk') };
}
