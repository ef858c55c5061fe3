import { deskKinds } from '../contract/configuration.ts';
import type { DeskSetUp } from '../contract/desk-set-up.ts';
import { dialClassOf } from '../contract/dial-class.ts';
import type { Disposition, GroupCard } from '../contract/directory.ts';
import type { AgentId, GroupId } from '../contract/ids.ts';
import type { MediaId } from '../contract/media.ts';
import { toE164 } from '../contract/phone-number.ts';
import { localTime } from '../contract/local-time.ts';
import { isWithin } from './business-day.ts';
import type { Configuration, FlowRecord, GroupRecord, NumberRecord, PersonRecord, PhoneRecord, PlainKind, PlainRecords } from './configuration/records.ts';

/** What an administrator has set up, found by what calls ask for: as it is now, for it changes while they go on. */
export class Office {
  private current: Configuration;
  private people = new Map<AgentId, PersonRecord>();
  private groups = new Map<GroupId, GroupRecord>();
  private numbers = new Map<string, NumberRecord>();
  private flows = new Map<string, FlowRecord>();
  private phones = new Map<string, PhoneRecord>();
  private phonesByNumber = new Map<string, PhoneRecord>();

  constructor(configuration: Configuration) {
    this.current = configuration;
    this.index();
  }

  get configuration(): Configuration {
    return this.current;
  }

  /** From now on it is so. Who holds a record goes on with the one they hold. */
  replace(configuration: Configuration): void {
    this.current = configuration;
    this.index();
  }

  private index(): void {
    const { people, groups, numbers, flows, phones } = this.current;
    this.people = new Map(people.map((person) => [person.agentId, person]));
    this.groups = new Map(groups.map((group) => [group.groupId, group]));
    this.numbers = new Map(numbers.map((number) => [number.e164, number]));
    this.flows = new Map(flows.map((flow) => [flow.flowId, flow]));
    this.phones = new Map(phones.map((phone) => [phone.user, phone]));
    this.phonesByNumber = new Map(phones.filter(({ kind }) => kind === 'desk').map((phone) => [phone.number, phone]));
  }

  get allGroups(): GroupRecord[] {
    return [...this.groups.values()];
  }

  person(agentId: AgentId): PersonRecord | undefined {
    return this.people.get(agentId);
  }

  group(groupId: GroupId): GroupRecord | undefined {
    return this.groups.get(groupId);
  }

  /** The flow of a representative number, in any written form; undefined for others' numbers. */
  flowOf(dialled: string): FlowRecord | undefined {
    const number = this.numbers.get(toE164(dialled) ?? '');
    return number === undefined ? undefined : this.flows.get(number.flowId);
  }

  isOurs(number: string): boolean {
    return this.numbers.has(toE164(number) ?? '');
  }

  /** A number of ours that has an area, E.164: what is local is local to it. Empty where none has. */
  get home(): string {
    return this.configuration.numbers.find(({ e164 }) => dialClassOf(e164, e164) === 'local')?.e164 ?? '';
  }

  /** The number of a telephone of the demo's outside world. */
  isCustomerPhone(e164: string): boolean {
    return this.configuration.phones.some(({ kind, number }) => kind === 'customer' && number === e164);
  }

  /** What the center shows when it calls out. */
  get callerId(): string {
    return this.configuration.numbers[0]?.e164 ?? '0';
  }

  phone(user: string): PhoneRecord | undefined {
    return this.phones.get(user);
  }

  /** The object that is heard by this name, where one was set up for it. */
  soundOf(name: string): MediaId | null {
    return this.current.plain.announcement.find(({ id }) => id === name)?.value.sounds[0]?.mediaId ?? null;
  }

  deskPhoneAt(extension: string): PhoneRecord | undefined {
    return this.phonesByNumber.get(extension);
  }

  setOpen(groupId: GroupId, open: boolean | null): void {
    this.setGroup(groupId, { openOverride: open });
  }

  setDispositionRequired(groupId: GroupId, required: boolean): void {
    this.setGroup(groupId, { dispositionRequired: required });
  }

  private setGroup(groupId: GroupId, change: Partial<GroupRecord>): void {
    this.replace({ ...this.current, groups: this.current.groups.map((group) => (group.groupId === groupId ? { ...group, ...change } : group)) });
  }

  /** By hand where somebody set it so, else by the weekly hours; a group without hours is always open. */
  isOpen({ openOverride, hours }: GroupRecord, now: number): boolean {
    if (openOverride !== null) return openOverride;
    if (hours.length === 0) return true;
    return isWithin(hours, localTime(now, this.configuration.timeZone));
  }

  card(group: GroupRecord, now: number): GroupCard {
    const { groupId, name, openOverride, serviceLevelMs, wrapUpMs, dispositionRequired, whenEmpty, maxWaiting } = group;
    return { groupId, name, open: this.isOpen(group, now), openOverride, serviceLevelMs, wrapUpMs, dispositionRequired, refusesWhenEmpty: whenEmpty === 'refuse', maxWaiting };
  }

  /** What desks go by beside that; what was removed behind what there is. */
  get deskSetUp(): DeskSetUp {
    const marked = (records: PlainRecords, kind: PlainKind, removed: boolean) => records[kind].map((record) => ({ ...record, removed }));
    const { plain, former } = this.configuration;
    return Object.fromEntries(deskKinds.map((kind) => [kind, [...marked(plain, kind, false), ...marked(former, kind, true)]]));
  }

  get dispositions(): Disposition[] {
    return this.configuration.dispositions;
  }
}
