import type { z } from 'zod';
import type { desktopCalls, DesktopCallName } from '../contract/bridge/desktop.ts';
import { fail, type Result } from '../contract/errors.ts';

type Handle<Name extends DesktopCallName> = (
  request: z.output<(typeof desktopCalls)[Name]['request']>,
) => Promise<Result<z.output<(typeof desktopCalls)[Name]['response']>>> | Result<z.output<(typeof desktopCalls)[Name]['response']>>;

/** What Electron's main process does for the calls that only a desktop has. Requests come parsed. */
export type DesktopHost = { [Name in DesktopCallName]: Handle<Name> };

const unsupported = () => fail('host.unsupported', 'only the desktop can do this');

/** The web edition's answer to them. */
export const noDesktop: DesktopHost = {
  'desktop.set': unsupported,
  'desktop.checkServer': unsupported,
  'desktop.answerAsk': unsupported,
  'desktop.dialClipboard': unsupported,
  'desktop.chooseCertificate': unsupported,
  'desktop.exportSettings': unsupported,
  'desktop.importSettings': unsupported,
  'desktop.openWallboard': unsupported,
  'desktop.closeWallboard': unsupported,
  'desktop.installUpdate': unsupported,
  'desktop.saveDiagnostics': unsupported,
  'desktop.dismissProblem': unsupported,
};
