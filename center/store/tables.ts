import type { Generated, Kysely } from 'kysely';

/*
 * The columns of every table, as SQLite gives them. Nothing leaves this folder in this shape:
 * rows are parsed into the contract's types by the file of their aggregate.
 */

type Json = string;
/** STRICT tables have no boolean: 0 or 1. */
type Flag = number;

export interface Tables {
  meta: { key: string; value: string };

  /** What is set up: a value of its kind each. */
  configuration: { kind: string; id: string; position: number; version: string; value: Json };
  /** What was removed of kinds that are told by their last value where something refers to them yet. */
  former_configuration: { kind: string; id: string; position: number; value: Json };
  /** Groups that were opened or closed by hand. */
  openings: { group_id: string; open: Flag };
  /** Who may sign in, and by which name. */
  people: { agent_id: string; account: string };
  dial_rules: { subject: string; id: string; classes: Json | null; calls_at_once: number | null; calls_per_hour: number | null; longest_ms: number | null };
  dial_blocks: { subject: string; id: string; at: number; why: string };

  /** One row: the number of the last change to customers, their histories or their removal. */
  revision: { only: number; value: number };
  customers: {
    customer_id: string;
    name: string;
    company: string;
    vip: Flag;
    warning: string;
    note: string;
    updated_at: number;
    revision: number;
    /** Random, new with each change. */
    version: string;
  };
  /** `given_at`: when a desk gave it to the customer of a call; null for a number that was entered. */
  customer_numbers: { e164: string; customer_id: string; label: string; position: number; given_at: number | null };
  /** Each opening of this store, with the revision it began at. */
  runs: { id: Generated<number>; run_id: string; first_revision: number };
  removed_customers: { customer_id: string; revision: number };
  contacts: {
    contact_id: string;
    customer_id: string | null;
    number: string;
    kind: string;
    started_at: number;
    group_id: string | null;
    group_name: string;
    agent_id: string | null;
    agent_name: string;
    outcome: string;
    talk_ms: number;
    disposition: string;
    memo: string;
    /** Random, new with each change. */
    version: string;
    waited_ms: number | null;
    ended_by: string | null;
    disposition_missing: Flag;
    corrected_at: number | null;
    corrected_by: string;
    /** Whose it was is known no more, and stays so. */
    erased: Flag;
    revision: number;
  };
  /** Stretches of contacts' ways. `started_at`: when the contact began; `how`: somebody came to it, or did not take it. What a kind has nothing to say of is empty or 0. */
  contact_legs: {
    contact_id: string;
    position: number;
    started_at: number;
    kind: 'waited' | 'missed' | 'talked';
    at: number;
    group_id: string | null;
    group_name: string;
    agent_id: string | null;
    name: string;
    number: string;
    how: string;
    asked_by: string;
    handed_to: string;
    waited_ms: number;
    talk_ms: number;
    hold_ms: number;
    consult_ms: number;
  };

  /** Contacts under way, as they were last kept. */
  live_contacts: { contact_id: string; saved: Json; updated_at: number };
  /** Contacts that lack their end in the log (`ended` is null then) or their line in the history. */
  unfinished_contacts: { contact_id: string; started_at: number; kind: string; ended: Json | null };
  /** Where each agent was last. */
  agent_states: { agent_id: string; state: Json; at: number };

  events: { id: Generated<number>; at: number; type: string; contact_id: string | null; agent_id: string | null; group_id: string | null; data: Json };
  /** What the log counts, by the hour; of a group, of an agent in it, or of the calls of no group. Empty ids where there are none. */
  rollups: { hour: number; of: 'group' | 'agent' | 'internal' | 'outbound'; group_id: string; agent_id: string; version: string; counters: Json };
  /** One row: up to which line of the log hours are counted, by which fold, from which hour on, and what it carries on. */
  rollup_state: { only: number; version: string; since: number; up_to: number; carried: Json };
  audit: {
    id: Generated<number>;
    at: number;
    actor: string | null;
    action: string;
    subject: string;
    address: string;
    details: Json;
    previous_hash: string;
    hash: string;
    note: string | null;
    note_salt: string | null;
    note_digest: string | null;
  };
  /** Who saw whose personal data beyond a call of their own. */
  access_log: { id: Generated<number>; at: number; agent_id: string; address: string; kind: string; customer_id: string | null; customers: number; contacts: number };
  /** Before which moment what may be deleted. */
  retention: { of: 'events' | 'timeline'; before: number };

  /** What the database refused for its content, as it was to be written: somebody has to look. */
  set_aside: { id: Generated<number>; at: number; what: string; contact_id: string | null; content: string; why: string };
  accounts: { agent_id: string; password_hash: string; password_changed_at: number; must_change: Flag; password_expires_at: number | null; disabled_at: number | null };
  /** By digest. `ended_at`: used, or replaced. */
  invitations: { token_hash: string; agent_id: string; expires_at: number; ended_at: number | null };
  totp_factors: { agent_id: string; sealed_secret: string; confirmed_at: number | null; last_step: number };
  recovery_codes: { agent_id: string; code_hash: string; used_at: number | null };
  passkeys: {
    credential_id: string;
    agent_id: string;
    rp_id: string;
    public_key: string;
    counter: number;
    transports: Json;
    label: string;
    created_at: number;
    last_used_at: number | null;
  };
  sign_in_places: { agent_id: string; network: string; last_at: number };

  /** What is done beside the calls. `lease`: whose turn it is to do it, a new one with each attempt; `secret`: what opens the file it made. */
  jobs: {
    job_id: string;
    kind: string;
    payload: Json;
    /** Of unfinished jobs of a kind there is one with it. */
    key: string | null;
    asked_by: string | null;
    state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
    cancel_asked: Flag;
    attempts: number;
    created_at: number;
    run_at: number;
    finished_at: number | null;
    lease: string | null;
    lease_until: number | null;
    progress: Json | null;
    result: Json | null;
    secret: string | null;
    error: string | null;
  };
  /** When what is done regularly is due next. */
  job_schedules: { kind: string; due_at: number };

  /** What is kept as bytes beside this file. `wrapped_key`: what opens it, under the installation's key. */
  media_objects: { media_id: string; kind: string; type: string; bytes: number; sha256: string; wrapped_key: string; created_at: number; created_by: string | null };
  /** Who uses an object, as `announcement main`: it is kept for them. */
  media_uses: { media_id: string; used_by: string };

  /** Of wallboard links and of other systems. `grants`: ids of groups, or scopes. */
  credentials: { credential_id: string; kind: 'display' | 'key'; name: string; token_hash: string; grants: Json; created_at: number; created_by: string; expires_at: number | null; revoked_at: number | null; last_used_at: number | null };
  token_families: { family_id: string; agent_id: string; generation: number; created_at: number; ended_at: number | null; kind: Generated<'desk' | 'console'> };
  refresh_tokens: { token_hash: string; family_id: string; expires_at: number; used_at: number | null };
}

/** The whole database: for functions that open a transaction of their own. */
export type Database = Kysely<Tables>;
/** A database or a transaction that a caller has opened. */
export type Writer = Kysely<Tables>;
/** A function that takes this cannot write. */
export type Reader = Pick<Kysely<Tables>, 'selectFrom' | 'getExecutor'>;
