import { z } from 'zod';
import { AwayReasonId, AwayReasonSettings } from './away-reason.ts';
import { FlowId, GroupId } from './ids.ts';
import { Label } from './label.ts';
import { localTime } from './local-time.ts';
import { MediaId, SoundLength } from './media.ts';
import { Duty, Role } from './permissions.ts';
import { mayBeExtension } from './service-number.ts';

/*
 * What an administrator sets up, each kind as one value. An id and a version go with it: whoever changes it says which
 * version they saw.
 */

const Weekday = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal(6)]);
const Minute = z.number().int().min(0).max(1440);

/** Minutes of the day in the center's zone. One that ends no later than it begins is a night shift, and ends on the day after its weekday (0: Sunday). */
export const OpeningSpan = z.object({ weekday: Weekday, fromMinute: Minute, toMinute: Minute });
export type OpeningSpan = z.infer<typeof OpeningSpan>;

/** What a group is like until somebody says otherwise. */
export const newGroup = (name: string, hours: OpeningSpan[]): GroupSettings => ({
  name, hours, strategy: 'longest-idle', serviceLevelMs: 20_000, wrapUpMs: 30_000, offerTimeoutMs: 20_000, maxWaiting: 50, conversationsAtOnce: 3, callBlocksConversations: true, dispositionRequired: false, whenEmpty: 'refuse',
});

export const RoutingStrategy = z.enum(['longest-idle', 'round-robin', 'fewest-calls', 'random', 'fixed-order', 'ring-all', 'skill-level']);
export type RoutingStrategy = z.infer<typeof RoutingStrategy>;

const HOUR_MS = 3600_000;

export const GroupSettings = z.object({
  name: Label,
  strategy: RoutingStrategy,
  /** Service-level threshold T in milliseconds. */
  serviceLevelMs: z.number().int().positive().max(HOUR_MS),
  /** After-call work; 0: none. */
  wrapUpMs: z.number().int().nonnegative().max(HOUR_MS),
  /** How long it rings at one agent. */
  offerTimeoutMs: z.number().int().positive().max(10 * 60_000),
  maxWaiting: z.number().int().nonnegative().max(10_000),
  /** Conversations an agent may have at once. A call is always one. */
  conversationsAtOnce: z.number().int().min(1).max(20).default(3),
  /** Whoever rings or is in a call is given no new conversation. */
  callBlocksConversations: z.boolean().default(true),
  /** After-call work does not end without a disposition, unless its time runs out. */
  dispositionRequired: z.boolean(),
  /** With nobody signed in: turn callers away, or let them wait. */
  whenEmpty: z.enum(['refuse', 'wait']),
  /** Weekly opening times; empty: always open. */
  hours: z.array(OpeningSpan).max(100),
});
export type GroupSettings = z.infer<typeof GroupSettings>;

export const Membership = z.object({ groupId: GroupId, skill: z.number().int().min(0).max(1000) });

const NO_EXTENSION = 'an emergency or service number';

/** What somebody is given as their extension. */
export const Extension = z.string().regex(/^\d{3,6}$/, '3 to 6 digits').refine(mayBeExtension, NO_EXTENSION);

/** A person. With an extension they are an agent of the center, and have a desk; without one they sign in without a telephone. */
export const PersonSettings = z.object({
  /** As they type it at the door; its case does not matter. */
  account: z.string().regex(/^[a-z\d][a-z\d._-]{1,62}$/i, '2 to 63 letters, digits, dots, hyphens or underscores'),
  name: Label,
  role: Role,
  /** What they see to beside their role. */
  duties: z.array(Duty).max(Duty.options.length).default([]),
  extension: z.string().regex(/^\d{3,6}$/, '3 to 6 digits').nullable().default(null),
  memberships: z.array(Membership).max(100),
});
export type PersonSettings = z.infer<typeof PersonSettings>;

/** A person as somebody sets them up; what is set up already is read as it is. */
export const PersonToSetUp = PersonSettings.extend({ extension: Extension.nullable().default(null) });

/** A representative number; its id is its E.164. */
export const NumberSettings = z.object({ name: Label, flowId: FlowId });
export type NumberSettings = z.infer<typeof NumberSettings>;

export type FlowStep =
  | { type: 'announce'; announcement: string }
  | {
      type: 'menu';
      announcement: string;
      options: { digit: string; label: string; steps: FlowStep[] }[];
      /** How long to wait for a key after the announcement. */
      timeoutMs: number;
      tries: number;
      /** After the last wrong key or silence. */
      otherwise: FlowStep[];
      wrongKeyAnnouncement: string;
    }
  | { type: 'group'; groupId: GroupId }
  | { type: 'hangUp' };

/** The id of an announcement, or of a sound of ours. */
export const AnnouncementName = z.string().regex(/^[\w-]{1,64}$/, 'the name of an announcement');

export const FlowStep: z.ZodType<FlowStep> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('announce'), announcement: AnnouncementName }),
    z.object({
      type: z.literal('menu'),
      announcement: AnnouncementName,
      options: z.array(z.object({ digit: z.string().regex(/^[\d*#]$/), label: z.string().max(80), steps: z.array(FlowStep) })).max(12),
      timeoutMs: z.number().int().positive().max(60_000),
      tries: z.number().int().positive().max(10),
      otherwise: z.array(FlowStep),
      wrongKeyAnnouncement: AnnouncementName,
    }),
    z.object({ type: z.literal('group'), groupId: GroupId }),
    z.object({ type: z.literal('hangUp') }),
  ]),
).meta({ id: 'FlowStep' });

export const FlowSettings = z.object({ name: Label, steps: z.array(FlowStep) });
export type FlowSettings = z.infer<typeof FlowSettings>;

/** In which language an announcement is spoken. */
export const AnnouncementLanguage = z.enum(['ko', 'en']);

/**
 * What callers hear, as objects that are kept. One with the id of a sound of ours is heard in its place, in flows and
 * wherever the center says something by itself. The first is for who has chosen no language.
 */
export const AnnouncementSettings = z.object({
  name: Label,
  sounds: z.array(z.object({ language: AnnouncementLanguage, mediaId: MediaId, durationMs: SoundLength })).min(1).max(2).refine((sounds) => new Set(sounds.map(({ language }) => language)).size === sounds.length, 'one of each language'),
});
export type AnnouncementSettings = z.infer<typeof AnnouncementSettings>;

/** The sounds that come with the program (`resources/announcements`). */
export const ownAnnouncements = ['busy', 'closed', 'greeting', 'menu', 'music', 'no-agents', 'please-wait', 'queue-full', 'unavailable', 'unknown-number', 'wrong-key'] as const;

/** What a contact was about; of one group, or of all. */
export const DispositionSettings = z.object({ name: Label, groupId: GroupId.nullable() });
export type DispositionSettings = z.infer<typeof DispositionSettings>;

/** A phone that is nobody's desk; its id is its name on the switch. */
export const PhoneSettings = z.object({
  displayName: Label,
  /** Extension of a desk phone; the E.164 of a customer's phone, which the demo has. */
  number: z.string().regex(/^\+?\d{3,15}$/),
  kind: z.enum(['desk', 'customer']),
  /** Digest authentication needs the password itself. It is told when it is made up, and never again. */
  password: z.string().min(1).max(128).optional(),
});
export type PhoneSettings = z.infer<typeof PhoneSettings>;

export const TimeZone = z.string().max(64).refine((timeZone) => {
  try {
    localTime(0, timeZone);
    return true;
  } catch {
    return false;
  }
}, 'an IANA time zone, as Asia/Seoul');

/** What holds for the center as a whole; its id is `center`. */
export const CenterSettings = z.object({
  timeZone: TimeZone,
  /** Abandons sooner than this do not count against the service level. */
  shortAbandonMs: z.number().int().nonnegative().max(HOUR_MS),
  /** The company whose center it is; empty: it has not been said. */
  company: Label.or(z.literal('')).default(''),
});
export type CenterSettings = z.infer<typeof CenterSettings>;

/** Every kind of thing that is set up, by name: what one of it is. */
export const configurationKinds = {
  group: GroupSettings,
  person: PersonSettings,
  flow: FlowSettings,
  number: NumberSettings,
  disposition: DispositionSettings,
  phone: PhoneSettings,
  announcement: AnnouncementSettings,
  awayReason: AwayReasonSettings,
  center: CenterSettings,
} as const;
export type ConfigurationKind = keyof typeof configurationKinds;
export type ConfigurationValue<Kind extends ConfigurationKind> = z.infer<(typeof configurationKinds)[Kind]>;

/** Those that every desk goes by: it has them all, and hears at once when one is another. */
export const deskKinds = ['awayReason'] as const satisfies readonly ConfigurationKind[];
export type DeskKind = (typeof deskKinds)[number];

const kindNames = Object.keys(configurationKinds) as [ConfigurationKind, ...ConfigurationKind[]];
export const ConfigurationKind = z.enum(kindNames);

/** An id of any kind: what an id may be, or a number in E.164. */
export const ConfigurationId = z.string().regex(/^(\+\d{3,15}|[\w.:-]{1,64})$/).refine((text) => text !== '.' && text !== '..');

const Version = z.string().min(1).max(64);

type Kinds = typeof configurationKinds;
type ObjectOf<Values> = { [Kind in ConfigurationKind & keyof Values]: { kind: Kind; id: string; version: string; value: Values[Kind] } }[ConfigurationKind & keyof Values];
type ChangeOf<Values> = { [Kind in ConfigurationKind & keyof Values]: { kind: Kind; id: string; version: string | null; value: Values[Kind] | null } }[ConfigurationKind & keyof Values];

const objectOf = (kind: ConfigurationKind) => z.strictObject({ kind: z.literal(kind), id: ConfigurationId, version: Version, value: configurationKinds[kind] });

/** One thing that is set up, as it is now. */
export type ConfigurationObject = ObjectOf<{ [Kind in ConfigurationKind]: z.output<Kinds[Kind]> }>;
type ObjectAsTold = ObjectOf<{ [Kind in ConfigurationKind]: z.input<Kinds[Kind]> }>;
export const ConfigurationObject = z.discriminatedUnion('kind', kindNames.map(objectOf) as [ReturnType<typeof objectOf>]) as z.ZodType as z.ZodType<ConfigurationObject, ObjectAsTold>;

/** Kinds of which somebody may set up less than there may be. */
const toSetUp = {
  person: PersonToSetUp,
  // Customers' phones are the demo's, and nobody's to make. A password that is chosen is no short one.
  phone: PhoneSettings.extend({ kind: z.literal('desk'), number: PhoneSettings.shape.number.refine(mayBeExtension, NO_EXTENSION), password: z.string().min(12).max(128).optional() }),
} as const;
type ToSetUp = Omit<Kinds, keyof typeof toSetUp> & typeof toSetUp;

/** What the id of a thing has to be beside an id. */
const idRules: { readonly [Kind in ConfigurationKind]?: { isGood: (change: { id: string; version: string | null }) => boolean; message: string } } = {
  // With a colon it would read in the logs as what is no person: `key:…`, `display:…`. Whoever has such an id can go.
  person: { isGood: ({ id, version }) => version !== null || !id.includes(':'), message: 'a person’s has no colon' },
  // Flows name it.
  announcement: { isGood: ({ id }) => AnnouncementName.safeParse(id).success, message: 'letters, digits, - and _' },
  // States name it.
  awayReason: { isGood: ({ id }) => AwayReasonId.safeParse(id).success, message: 'letters, digits, - and _' },
};

function changeOf(kind: ConfigurationKind) {
  const value: z.ZodType = { ...configurationKinds, ...toSetUp }[kind];
  const rule = idRules[kind];
  const change = z.strictObject({ kind: z.literal(kind), id: ConfigurationId, version: Version.nullable(), value: value.nullable() });
  return rule === undefined ? change : change.refine(rule.isGood, { path: ['id'], message: rule.message });
}

/** What is to become of one thing. `version`: the one that was seen, null for a new thing. `value` null: it is removed. */
export type ConfigurationChange = ChangeOf<{ [Kind in keyof ToSetUp]: z.output<ToSetUp[Kind]> }>;
type ChangeAsAsked = ChangeOf<{ [Kind in keyof ToSetUp]: z.input<ToSetUp[Kind]> }>;
export const ConfigurationChange = z.discriminatedUnion('kind', kindNames.map(changeOf) as [ReturnType<typeof changeOf>]) as z.ZodType as z.ZodType<ConfigurationChange, ChangeAsAsked>;

/** What stands in the way of a change, or of the whole being right after it: said of `kind` and `id`. */
export const ConfigurationProblem = z.object({
  kind: ConfigurationKind,
  id: z.string(),
  code: z.enum(['taken', 'unknown-reference', 'callers-waiting', 'last-administrator', 'key-twice', 'too-deep', 'never-open', 'overlaps', 'own-account', 'one-only', 'not-a-number', 'no-extension', 'no-sound', 'last-one', 'too-many']),
  /** Which part of the value. */
  field: z.string(),
  /** What it collides with, or who uses it, as `flow main`; empty where the field says it all. */
  other: z.string(),
});
export type ConfigurationProblem = z.infer<typeof ConfigurationProblem>;
