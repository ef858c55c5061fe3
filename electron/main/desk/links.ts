import { app } from 'electron';
import type { DesktopSettings } from '../../../contract/bridge/index.ts';

/** Links that other programs want too; taken only when the person or the policy says so. */
const PHONE_SCHEMES = ['tel', 'callto', 'sip'] as const;

/**
 * Tells the system which links this program opens. Invitations are ours alone. A program that is not installed
 * registers nothing: its path would be that of a development tool.
 * @param starting at the start nothing is given back: another program may have been made the default on purpose
 */
export function applyLinks({ phoneLinks }: DesktopSettings, starting: boolean): void {
  if (!app.isPackaged) return;
  app.setAsDefaultProtocolClient('sangdam');
  for (const scheme of PHONE_SCHEMES) {
    if (phoneLinks) app.setAsDefaultProtocolClient(scheme);
    else if (!starting) app.removeAsDefaultProtocolClient(scheme);
  }
}
