import { AnnouncementName, ownAnnouncements, type AnnouncementSettings, type ConfigurationChange, type ConfigurationObject, type FlowStep } from '../../../../contract/configuration.ts';

export type AnnouncementObject = Extract<ConfigurationObject, { kind: 'announcement' }>;
type FlowObject = Extract<ConfigurationObject, { kind: 'flow' }>;
type NumberObject = Extract<ConfigurationObject, { kind: 'number' }>;
type GroupObject = Extract<ConfigurationObject, { kind: 'group' }>;
export type BuiltIn = (typeof ownAnnouncements)[number];
export type SoundOf = AnnouncementSettings['sounds'][number];
export type Language = SoundOf['language'];

/** Those that may be replaced. What who waits hears is the switch's, and no announcement. */
export const replaceable: readonly BuiltIn[] = ownAnnouncements.filter((name) => name !== 'music');
/** Said by the center itself, whatever the flow. */
const SAID_BY_THE_CENTER: ReadonlySet<string> = new Set<BuiltIn>(['closed', 'no-agents', 'queue-full']);

export const builtInOf = (id: string): BuiltIn | null => ownAnnouncements.find((name) => name === id) ?? null;

/** An announcement as it is typed, and the sounds of it. */
export interface AnnouncementForm {
  /** By which flows say it. */
  id: string;
  name: string;
  sounds: SoundOf[];
}

/** @param names of what comes along, as people read them */
export function announcementFormOf(object: AnnouncementObject | null, id: string, builtInName: string): AnnouncementForm {
  if (object === null) return { id, name: builtInName, sounds: [] };
  return { id: object.id, name: object.value.name, sounds: object.value.sounds.map((sound) => ({ ...sound })) };
}

export type AnnouncementField = 'id' | 'name' | 'sounds';

/** What is missing before it can be saved. @param taken names that are there already */
export function lackingIn({ id, name, sounds }: AnnouncementForm, taken: readonly string[]): AnnouncementField[] {
  const lacking: AnnouncementField[] = [];
  if (!AnnouncementName.safeParse(id).success || taken.includes(id)) lacking.push('id');
  if (name.trim() === '') lacking.push('name');
  if (sounds.length === 0) lacking.push('sounds');
  return lacking;
}

export const announcementChange = ({ id, name, sounds }: AnnouncementForm, version: string | null): ConfigurationChange => ({ kind: 'announcement', id, version, value: { name: name.trim(), sounds: sounds.map((sound) => ({ ...sound })) } });

/** A sound in the place of the one in its language; the others, and their order, stay. */
export const withSound = (sounds: readonly SoundOf[], sound: SoundOf): SoundOf[] => (sounds.some(({ language }) => language === sound.language) ? sounds.map((one) => (one.language === sound.language ? sound : one)) : [...sounds, sound]);

export interface Uses {
  flows: FlowObject[];
  numbers: NumberObject[];
  groups: GroupObject[];
  /** The center says it by itself, to callers of any number. */
  byCenter: boolean;
}

/** Who says an announcement: flows that name it, the numbers that lead to them, the groups these lead to. */
export function usesOf(id: string, objects: readonly ConfigurationObject[]): Uses {
  const flows = objects.filter((object): object is FlowObject => object.kind === 'flow' && stepsOf(object.value.steps).some((step) => namesIn(step).includes(id)));
  const numbers = objects.filter((object): object is NumberObject => object.kind === 'number' && flows.some((flow) => flow.id === object.value.flowId));
  const led = new Set(flows.flatMap(({ value }) => stepsOf(value.steps).flatMap((step) => (step.type === 'group' ? [step.groupId] : []))));
  const groups = objects.filter((object): object is GroupObject => object.kind === 'group' && [...led].some((groupId) => groupId === object.id));
  return { flows, numbers, groups, byCenter: SAID_BY_THE_CENTER.has(id) };
}

const namesIn = (step: FlowStep): string[] => (step.type === 'announce' ? [step.announcement] : step.type === 'menu' ? [step.announcement, step.wrongKeyAnnouncement] : []);

/** These and all below them. */
const stepsOf = (steps: readonly FlowStep[]): FlowStep[] => steps.flatMap((step) => [step, ...(step.type === 'menu' ? stepsOf([...step.options.flatMap((option) => option.steps), ...step.otherwise]) : [])]);
