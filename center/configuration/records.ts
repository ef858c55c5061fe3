import type { ConfigurationKind, ConfigurationValue, FlowSettings, GroupSettings, NumberSettings, PersonSettings } from '../../contract/configuration.ts';
import type { AgentId, DispositionId, FlowId, GroupId } from '../../contract/ids.ts';
import type { DiallingRecord } from '../dialling/rules.ts';

export type { FlowStep, RoutingStrategy } from '../../contract/configuration.ts';

/** What an administrator sets up: the core reads it, the store keeps it. A record is never changed, but replaced. */
export interface Configuration {
  people: PersonRecord[];
  groups: GroupRecord[];
  numbers: NumberRecord[];
  flows: FlowRecord[];
  dispositions: DispositionRecord[];
  /** Other phones on the switch: desk phones and, in the demo, customers' phones. */
  phones: PhoneRecord[];
  /** Of each plain kind what there is, in its order. */
  plain: PlainRecords;
  /** Of those kinds that are told by their last value where something refers to them yet: what was removed. */
  former: PlainRecords;
  dialling: DiallingRecord;
  /** IANA zone of the business day. */
  timeZone: string;
  /** Abandons sooner than this do not count against the service level. */
  shortAbandonMs: number;
  /** The company whose center it is; empty: it has not been said. */
  company: string;
}

/** A kind that has no record of its own shape: what was set up, by its id. */
export type PlainKind = Exclude<ConfigurationKind, 'group' | 'person' | 'flow' | 'number' | 'disposition' | 'phone' | 'center'>;
export interface PlainRecord<Kind extends PlainKind> {
  id: string;
  value: ConfigurationValue<Kind>;
}
export type PlainRecords = { readonly [Kind in PlainKind]: readonly PlainRecord<Kind>[] };

export interface PersonRecord extends PersonSettings {
  agentId: AgentId;
}

/** A person who has a desk. */
export interface AgentRecord extends PersonRecord {
  extension: string;
}

/** Those of the people who have a desk. */
export const agentsIn = ({ people }: Pick<Configuration, 'people'>): AgentRecord[] => people.filter((person): person is AgentRecord => person.extension !== null);

export interface GroupRecord extends GroupSettings {
  groupId: GroupId;
  /** Set by a supervisor by hand; null: by the hours. */
  openOverride: boolean | null;
}

/** A representative number and the flow its callers enter. */
export interface NumberRecord extends NumberSettings {
  e164: string;
}

export interface FlowRecord extends FlowSettings {
  flowId: FlowId;
}

export interface DispositionRecord {
  dispositionId: DispositionId;
  name: string;
  groupId: GroupId | null;
}

export interface PhoneRecord {
  user: string;
  password: string;
  displayName: string;
  /** Extension of a desk phone, or the E.164 number of a demo customer. */
  number: string;
  kind: 'desk' | 'customer';
}
