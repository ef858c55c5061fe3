import type { AgentId, DispositionId, FlowId, GroupId } from '../contract/ids.ts';
import type { Role } from '../contract/directory.ts';
import type { DiallingRecord } from './dialling/rules.ts';
import type { OpeningSpan } from './business-day.ts';

/** What an administrator sets up: the core reads it, the store keeps it. */
export interface Configuration {
  agents: AgentRecord[];
  groups: GroupRecord[];
  numbers: NumberRecord[];
  flows: FlowRecord[];
  dispositions: DispositionRecord[];
  /** Other phones on the switch: desk phones and, in the demo, customers' phones. */
  phones: PhoneRecord[];
  dialling: DiallingRecord;
  /** IANA zone of the business day. */
  timeZone: string;
  /** Abandons sooner than this do not count against the service level. */
  shortAbandonMs: number;
}

export interface AgentRecord {
  agentId: AgentId;
  account: string;
  name: string;
  role: Role;
  extension: string;
  memberships: { groupId: GroupId; skill: number }[];
}

export type RoutingStrategy = 'longest-idle' | 'round-robin' | 'fewest-calls' | 'random' | 'fixed-order' | 'ring-all' | 'skill-level';

export interface GroupRecord {
  groupId: GroupId;
  name: string;
  strategy: RoutingStrategy;
  serviceLevelMs: number;
  wrapUpMs: number;
  offerTimeoutMs: number;
  maxWaiting: number;
  /** After-call work does not end without a disposition, unless its time runs out. */
  dispositionRequired: boolean;
  /** With nobody signed in: turn callers away, or let them wait. */
  whenEmpty: 'refuse' | 'wait';
  /** Weekly opening times in the center's zone; empty: always open. */
  hours: OpeningSpan[];
  /** Set by a supervisor by hand; null: by the hours. */
  openOverride: boolean | null;
}

/** A representative number and the flow its callers enter. */
export interface NumberRecord {
  e164: string;
  name: string;
  flowId: FlowId;
}

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

export interface FlowRecord {
  flowId: FlowId;
  name: string;
  steps: FlowStep[];
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
