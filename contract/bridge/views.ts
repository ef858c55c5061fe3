import { z } from 'zod';
import { MicrophoneState } from '../cti/microphone.ts';
import { ContactView } from '../contact.ts';
import { DeskSetUp } from '../desk-set-up.ts';
import { DialRights } from '../dial-rights.ts';
import { AgentCard, Disposition, GroupCard, Me } from '../directory.ts';
import { AppError } from '../errors.ts';
import { ContactId } from '../ids.ts';
import { StoreHealth } from '../store-health.ts';
import { SupervisionView } from '../supervision.ts';
import { DesktopView } from './desktop.ts';

/** Browsers make hashes of 64 characters. */
const DeviceId = z.string().max(512);

export const Settings = z.object({
  /** Null: as the system says. */
  language: z.enum(['ko', 'en']).nullable(),
  theme: z.enum(['light', 'dark']).nullable(),
  /** Device ids of this browser; null: the system's default. */
  microphoneId: DeviceId.nullable(),
  speakerId: DeviceId.nullable(),
  ringerId: DeviceId.nullable(),
  ringVolume: z.number().min(0).max(1),
  notifications: z.boolean(),
  /** Buttons of a headset (WebHID) answer, mute and hang up. */
  headsetButtons: z.boolean(),
  /** Keep the desk as a narrow column. */
  dock: z.boolean(),
});
export type Settings = z.infer<typeof Settings>;

export const defaultSettings: Settings = {
  language: null,
  theme: null,
  microphoneId: null,
  speakerId: null,
  ringerId: null,
  ringVolume: 0.7,
  notifications: true,
  headsetButtons: true,
  dock: false,
};

/** Each thing a working desk needs, and why it does not work when it does not. */
export const Health = z.object({
  cti: z.object({ state: z.enum(['connected', 'connecting', 'lost']), error: AppError.nullable() }),
  phone: z.object({ state: z.enum(['registered', 'registering', 'lost']), error: AppError.nullable() }),
  microphone: MicrophoneState,
  switch: z.enum(['available', 'unavailable']),
  /** Whether the center keeps what people do, for who is in charge; null for agents. */
  store: StoreHealth.nullable(),
  /** The customer cache: rows still to be fetched while `syncing`. `memory`: nothing is kept on disk. */
  cache: z.object({ state: z.enum(['ready', 'syncing', 'unavailable']), storage: z.enum(['encrypted', 'memory']), remaining: z.number().int().nonnegative() }),
});
export type Health = z.infer<typeof Health>;

/** What the desk knows of a contact's audio, beside what the center says of the contact. */
export const CallAudio = z.object({
  contactId: ContactId,
  /** The SIP dialog is here, so Answer and Hold can act. */
  dialog: z.enum(['none', 'ringing', 'established']),
  muted: z.boolean(),
  /** Whether audio flows; `reconnecting` where it did before, as before a reload of the window. */
  media: z.enum(['none', 'connecting', 'connected', 'reconnecting', 'failed']),
});
export type CallAudio = z.infer<typeof CallAudio>;

/** What was dialled behind the number (`02-123-4567,,101`), still to be pressed: one group after the other. */
export const DialledOn = z.object({ dialogKey: z.string(), keys: z.array(z.string()).min(1) });
export type DialledOn = z.infer<typeof DialledOn>;

export const SessionPhase = z.enum(['signedOut', 'signingIn', 'signedIn']);

/** Which state of the session a view or a change says: `n` grows with each change of one `run` of the host. */
export const ViewVersion = z.object({ run: z.string().max(64), n: z.number().int().nonnegative() });
export type ViewVersion = z.infer<typeof ViewVersion>;

/** Whether `a` says what was before `b`: an answer that comes behind newer word. Of another run nothing is known. */
export const isOlderView = (a: ViewVersion, b: ViewVersion): boolean => a.run === b.run && a.n < b.n;

/** Everything a window shows of the session. */
export const SessionView = z.object({
  version: ViewVersion,
  host: z.enum(['desktop', 'web']),
  phase: SessionPhase,
  /** Why the session ended by itself (replaced, expired), for the sign-in screen. */
  endedBy: AppError.nullable(),
  me: Me.nullable(),
  health: Health,
  /** serverNow − the host's clock, in milliseconds: add it to Date.now() for the center's time. */
  clockOffsetMs: z.number(),
  /** The center's zone, in which its times are shown; null before the first sign-in: this machine's. */
  timeZone: z.string().nullable(),
  contacts: z.array(ContactView),
  audio: z.array(CallAudio),
  /** Of the last call that was dialled here; null where nothing is left to press. */
  dialledOn: DialledOn.nullable(),
  /** The agent of this desk: what they are doing. Null without a desk. */
  card: AgentCard.nullable(),
  groups: z.array(GroupCard),
  dispositions: z.array(Disposition),
  /** What else is set up that desks go by; of what the center does not speak of, nothing. */
  setUp: DeskSetUp,
  /** Null before the first sign-in. */
  dialling: DialRights.nullable(),
  supervision: SupervisionView.nullable(),
  settings: Settings,
  /** The desktop's own; null in the web edition. */
  desktop: DesktopView.nullable(),
});
export type SessionView = z.infer<typeof SessionView>;
