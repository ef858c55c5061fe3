import { z } from 'zod';
import { isSecureOrigin, serverOrigin } from '../server-address.ts';
import { ErrorCode } from '../errors.ts';
import type { BridgeCall } from './access.ts';

/*
 * What only the desktop has: its settings beside those of every edition, and the calls of its windows for them.
 * In the web edition `SessionView.desktop` is null and the calls answer `host.unsupported`.
 */

/** An origin, `https://center.example.com`; written without scheme it counts as https. http beyond this machine is none. */
export const ServerAddress = z.string().max(512).transform((text, context) => {
  const origin = serverOrigin(text);
  if (origin !== null && isSecureOrigin(origin)) return origin;
  context.addIssue({ code: 'custom', message: origin === null ? 'not the address of a center' : 'passwords would go in the clear: https is needed' });
  return z.NEVER;
});

/** Without credentials: they would lie in a file. */
const ProxyAddress = z.string().max(512).refine((text) => text.includes('://') && serverOrigin(text) !== null, 'not the address of a proxy');

export const Proxy = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('system') }),
  z.strictObject({ mode: z.literal('none') }),
  /** `http://proxy.example.com:3128`. */
  z.strictObject({ mode: z.literal('manual'), url: ProxyAddress }),
]);
export type Proxy = z.infer<typeof Proxy>;

const MODIFIER = '(?:CommandOrControl|Control|Command|Alt|Option|Shift|Super|Meta)';
const KEY = '(?:[A-Z0-9]|F(?:[1-9]|1\\d|2[0-4])|Space|Home|End|PageUp|PageDown|Insert|Delete|Up|Down|Left|Right)';
const ACCELERATOR = new RegExp(`^(?:(?:${MODIFIER}\\+)+${KEY}|F(?:1[3-9]|2[0-4]))$`);

/** Electron's accelerator. A plain key would be taken from every other program, so a modifier is needed (or F13–F24). */
export const Accelerator = z.string().max(60).regex(ACCELERATOR);

/** What a key pressed in any program may do. */
export const shortcutActions = ['answer', 'hangUp', 'mute', 'dialClipboard', 'show'] as const;
export type ShortcutAction = (typeof shortcutActions)[number];

const Shortcuts = z.strictObject({
  answer: Accelerator.nullable(),
  hangUp: Accelerator.nullable(),
  mute: Accelerator.nullable(),
  dialClipboard: Accelerator.nullable(),
  show: Accelerator.nullable(),
});

export const DesktopSettings = z.strictObject({
  /** Null: not chosen yet, the first run asks. */
  server: ServerAddress.nullable(),
  proxy: Proxy,
  /** PEM file trusted beside the system's authorities. */
  certificateFile: z.string().min(1).max(1024).nullable(),
  autostart: z.boolean(),
  /** Start in the tray, without a window. */
  startHidden: z.boolean(),
  /** `tel:`, `callto:` and `sip:` links of other programs open here. */
  phoneLinks: z.boolean(),
  /** Closing the window leaves the desk in the tray. */
  closeToTray: z.boolean(),
  /** System-wide keys; all off until somebody chooses them. */
  shortcuts: Shortcuts,
  /** The keyboard's media keys answer, mute and hang up while a call is there. */
  mediaKeys: z.boolean(),
  /** The dock stays above other windows. */
  dockOnTop: z.boolean(),
  dockSide: z.enum(['left', 'right']),
  /** Locking the screen makes the agent away. */
  awayOnLock: z.boolean(),
  /** A wall display: nothing but the wallboard, full screen. */
  kiosk: z.boolean(),
  /** Folder of the update server; null: the packages are rolled out by other means. */
  updateUrl: z.url({ protocol: /^https$/ }).max(512).nullable(),
});
export type DesktopSettings = z.infer<typeof DesktopSettings>;

export const defaultDesktopSettings: DesktopSettings = {
  server: null,
  proxy: { mode: 'system' },
  certificateFile: null,
  autostart: false,
  startHidden: false,
  phoneLinks: false,
  closeToTray: false,
  shortcuts: { answer: null, hangUp: null, mute: null, dialClipboard: null, show: null },
  mediaKeys: false,
  dockOnTop: true,
  dockSide: 'right',
  awayOnLock: true,
  kiosk: false,
  updateUrl: null,
};

/** A question to the person at the desk, raised by a link or the clipboard. Nothing happens until it is answered. */
export const DesktopAsk = z.discriminatedUnion('kind', [
  z.object({ id: z.string(), kind: z.literal('dial'), number: z.string(), shown: z.string(), from: z.enum(['link', 'clipboard']) }),
  z.object({ id: z.string(), kind: z.literal('invitation'), server: z.string(), host: z.string() }),
  /** Something from outside was refused, and why. Answering only puts it away. */
  z.object({ id: z.string(), kind: z.literal('refused'), code: ErrorCode }),
]);
export type DesktopAsk = z.infer<typeof DesktopAsk>;

/** What the person should know of the desktop itself. */
export const DesktopProblem = z.discriminatedUnion('code', [
  /** The settings file could not be read; it was kept beside as `file`, the defaults are in force. */
  z.object({ code: z.literal('settingsCorrupt'), file: z.string() }),
  /** The settings were written by a newer version; kept beside, the defaults are in force. */
  z.object({ code: z.literal('settingsNewer'), file: z.string() }),
  z.object({ code: z.literal('settingsNotSaved') }),
  /** Part of the policy file is not understood; `detail` names the keys. */
  z.object({ code: z.literal('policyInvalid'), detail: z.string() }),
  /** Another program has these keys. */
  z.object({ code: z.literal('shortcutTaken'), action: z.enum(shortcutActions), keys: z.string() }),
  z.object({ code: z.literal('certificateUnreadable'), file: z.string() }),
  /** The system has no secure store: sign-in and customers are gone when the program ends. */
  z.object({ code: z.literal('secretsInMemory') }),
]);
export type DesktopProblem = z.infer<typeof DesktopProblem>;

export const DesktopUpdate = z.discriminatedUnion('state', [
  z.object({ state: z.literal('none') }),
  z.object({ state: z.literal('downloading'), version: z.string() }),
  /** Downloaded; installed when the desk is restarted, never during a call. */
  z.object({ state: z.literal('ready'), version: z.string() }),
  z.object({ state: z.literal('failed') }),
]);
export type DesktopUpdate = z.infer<typeof DesktopUpdate>;

export const DesktopView = z.object({
  version: z.string(),
  platform: z.enum(['windows', 'mac', 'linux']),
  settings: DesktopSettings,
  /** Settings that the policy file fixes; of this edition and of every edition alike. */
  managed: z.array(z.string()),
  /** The center in force; null on the first run. */
  server: z.string().nullable(),
  ask: DesktopAsk.nullable(),
  problems: z.array(DesktopProblem),
  displays: z.array(z.object({ id: z.number(), label: z.string(), primary: z.boolean(), width: z.number(), height: z.number() })),
  /** Where the wallboard's own window is; null: not open. */
  wallboard: z.object({ displayId: z.number(), fullScreen: z.boolean() }).nullable(),
  update: DesktopUpdate,
});
export type DesktopView = z.infer<typeof DesktopView>;

const Nothing = z.null();

/** Calls of a window for the desktop itself. */
export const desktopCalls = {
  /** Changes settings; `settings.managed` for those the policy fixes. */
  'desktop.set': { access: 'open', request: DesktopSettings.partial(), response: DesktopSettings },
  /** Whether a center answers there: `center.unreachable`, `center.untrusted`, `center.unknown` if not. */
  'desktop.checkServer': { access: 'open', request: z.strictObject({ server: ServerAddress }), response: z.object({ server: z.string() }) },
  'desktop.answerAsk': { access: 'open', request: z.strictObject({ id: z.string().max(64), accept: z.boolean() }), response: Nothing },
  /** Asks whether to dial the number on the clipboard. */
  'desktop.dialClipboard': { access: 'calls.handle', request: Nothing, response: Nothing },
  /** Lets the person choose a certificate file; its path, or null when they chose none. */
  'desktop.chooseCertificate': { access: 'open', request: Nothing, response: z.string().nullable() },
  /** Writes all settings to a file of the person's choice; its path, or null. */
  'desktop.exportSettings': { access: 'signedIn', request: Nothing, response: z.string().nullable() },
  /** Reads settings from such a file. `settings.invalid` changes nothing; null when none was chosen. */
  'desktop.importSettings': { access: 'signedIn', request: Nothing, response: z.string().nullable() },
  /** The wallboard in a window of its own; `displayId` null: another display than the desk's. */
  'desktop.openWallboard': { access: 'signedIn', request: z.strictObject({ displayId: z.number().nullable(), fullScreen: z.boolean() }), response: Nothing },
  'desktop.closeWallboard': { access: 'signedIn', request: Nothing, response: Nothing },
  /** Restarts into the downloaded update; `agent.on-call` during a call. */
  'desktop.installUpdate': { access: 'open', request: Nothing, response: Nothing },
  /** Writes what a support engineer needs, and nothing of any person, to a file of the person's choice; its path, or null. */
  'desktop.saveDiagnostics': { access: 'signedIn', request: Nothing, response: z.string().nullable() },
  'desktop.dismissProblem': { access: 'open', request: z.strictObject({ index: z.number().int().nonnegative() }), response: Nothing },
} as const satisfies Record<string, BridgeCall>;
export type DesktopCallName = keyof typeof desktopCalls;
