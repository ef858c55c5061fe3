/*
 * What migrations 0001 to 0023 come to, for a server that never held what they have brought along from former files. In the
 * words of migrations, with two things said otherwise: whose account it is by an index of no case, and reserved words quoted. A
 * test holds this to what the migrations make of a file: tables, columns, keys and indexes.
 */

/** The number of the last migration that is in it. */
export const BASELINE_VERSION = 23;

/** Statements, by a line that ends in a semicolon. */
export const BASELINE = `
CREATE TABLE people (agent_id TEXT PRIMARY KEY, account TEXT NOT NULL);
CREATE UNIQUE INDEX people_by_account ON people (lower(account));
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE revision ("only" INTEGER PRIMARY KEY CHECK ("only" = 1), value INTEGER NOT NULL);
CREATE TABLE customers (
  customer_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  company TEXT NOT NULL,
  vip INTEGER NOT NULL CHECK (vip IN (0, 1)),
  warning TEXT NOT NULL,
  note TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL UNIQUE,
  version TEXT NOT NULL DEFAULT ''
);
CREATE TABLE customer_numbers (
  e164 TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL REFERENCES customers ON DELETE CASCADE,
  label TEXT NOT NULL,
  position INTEGER NOT NULL,
  given_at INTEGER
);
CREATE TABLE removed_customers (customer_id TEXT PRIMARY KEY, revision INTEGER NOT NULL UNIQUE);
CREATE TABLE contacts (
  contact_id TEXT PRIMARY KEY,
  customer_id TEXT REFERENCES customers ON DELETE SET NULL,
  number TEXT NOT NULL,
  kind TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  group_id TEXT,
  group_name TEXT NOT NULL,
  agent_id TEXT,
  agent_name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  talk_ms REAL NOT NULL,
  disposition TEXT NOT NULL,
  memo TEXT NOT NULL,
  revision INTEGER NOT NULL UNIQUE,
  version TEXT NOT NULL DEFAULT '',
  waited_ms INTEGER,
  ended_by TEXT,
  disposition_missing INTEGER NOT NULL DEFAULT 0,
  corrected_at INTEGER,
  corrected_by TEXT NOT NULL DEFAULT '',
  erased INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  contact_id TEXT,
  agent_id TEXT,
  group_id TEXT,
  data TEXT NOT NULL CHECK (json_valid(data))
);
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  address TEXT NOT NULL,
  details TEXT NOT NULL CHECK (json_valid(details)),
  previous_hash TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL UNIQUE,
  note TEXT,
  note_salt TEXT,
  note_digest TEXT
);
CREATE TABLE token_families (
  family_id TEXT PRIMARY KEY,
  agent_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
  generation INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  kind TEXT NOT NULL DEFAULT 'desk' CHECK (kind IN ('desk', 'console'))
);
CREATE TABLE refresh_tokens (
  token_hash TEXT PRIMARY KEY,
  family_id TEXT NOT NULL REFERENCES token_families ON DELETE CASCADE,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
);
CREATE TABLE accounts (
  agent_id TEXT PRIMARY KEY REFERENCES people ON DELETE CASCADE,
  password_hash TEXT NOT NULL,
  password_changed_at INTEGER NOT NULL,
  must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
  password_expires_at INTEGER,
  disabled_at INTEGER
);
CREATE TABLE totp_factors (
  agent_id TEXT PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
  sealed_secret TEXT NOT NULL,
  confirmed_at INTEGER,
  last_step INTEGER NOT NULL
);
CREATE TABLE recovery_codes (
  agent_id TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
  code_hash TEXT NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (agent_id, code_hash)
);
CREATE TABLE passkeys (
  credential_id TEXT PRIMARY KEY,
  agent_id TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
  rp_id TEXT NOT NULL,
  public_key TEXT NOT NULL,
  counter INTEGER NOT NULL,
  transports TEXT NOT NULL CHECK (json_valid(transports)),
  label TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
);
CREATE TABLE sign_in_places (
  agent_id TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
  network TEXT NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (agent_id, network)
);
CREATE TABLE dial_rules (
  subject TEXT NOT NULL CHECK (subject IN ('center', 'person', 'phone', 'group', 'forwarding')),
  id TEXT NOT NULL CHECK ((subject = 'center') = (id = '')),
  classes TEXT CHECK (json_valid(classes)),
  calls_at_once INTEGER CHECK (calls_at_once >= 0),
  calls_per_hour INTEGER CHECK (calls_per_hour >= 0),
  longest_ms INTEGER CHECK (longest_ms > 0),
  PRIMARY KEY (subject, id)
);
CREATE TABLE dial_blocks (
  subject TEXT NOT NULL CHECK (subject IN ('center', 'person', 'phone', 'forwarding')),
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (subject, id)
);
CREATE TABLE live_contacts (contact_id TEXT PRIMARY KEY, saved TEXT NOT NULL CHECK (json_valid(saved)), updated_at INTEGER NOT NULL);
CREATE TABLE retention (of TEXT PRIMARY KEY CHECK (of IN ('events', 'timeline')), before INTEGER NOT NULL);
CREATE TABLE access_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  agent_id TEXT NOT NULL,
  address TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('sync', 'customer', 'search', 'history')),
  customer_id TEXT,
  customers INTEGER NOT NULL,
  contacts INTEGER NOT NULL
);
CREATE TABLE runs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE, first_revision INTEGER NOT NULL);
CREATE TABLE set_aside (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  contact_id TEXT,
  content TEXT NOT NULL,
  why TEXT NOT NULL
);
CREATE TABLE configuration (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  version TEXT NOT NULL,
  value TEXT NOT NULL CHECK (json_valid(value)),
  PRIMARY KEY (kind, id)
);
CREATE TABLE openings (group_id TEXT PRIMARY KEY, open INTEGER NOT NULL CHECK (open IN (0, 1)));
CREATE TABLE rollups (
  hour INTEGER NOT NULL,
  of TEXT NOT NULL CHECK (of IN ('group', 'agent', 'internal', 'outbound')),
  group_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  version TEXT NOT NULL,
  counters TEXT NOT NULL CHECK (json_valid(counters)),
  PRIMARY KEY (hour, of, group_id, agent_id)
);
CREATE TABLE rollup_state ("only" INTEGER PRIMARY KEY CHECK ("only" = 1), version TEXT NOT NULL, since INTEGER NOT NULL, up_to INTEGER NOT NULL, carried TEXT NOT NULL CHECK (json_valid(carried)));
CREATE TABLE agent_states (agent_id TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (json_valid(state)), at INTEGER NOT NULL);
CREATE TABLE unfinished_contacts (contact_id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, kind TEXT NOT NULL, ended TEXT CHECK (ended IS NULL OR json_valid(ended)));
CREATE TABLE credentials (
  credential_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('display', 'key')),
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  grants TEXT NOT NULL CHECK (json_valid(grants)),
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used_at INTEGER
);
CREATE TABLE jobs (
  job_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  key TEXT,
  asked_by TEXT,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  cancel_asked INTEGER NOT NULL DEFAULT 0 CHECK (cancel_asked IN (0, 1)),
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  finished_at INTEGER,
  lease TEXT,
  lease_until INTEGER,
  progress TEXT CHECK (progress IS NULL OR json_valid(progress)),
  result TEXT CHECK (result IS NULL OR json_valid(result)),
  secret TEXT,
  error TEXT
);
CREATE TABLE job_schedules (kind TEXT PRIMARY KEY, due_at INTEGER NOT NULL);
CREATE TABLE invitations (
  token_hash TEXT PRIMARY KEY,
  agent_id TEXT NOT NULL REFERENCES people (agent_id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER
);
CREATE TABLE contact_legs (
  contact_id TEXT NOT NULL REFERENCES contacts ON DELETE CASCADE,
  position INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('waited', 'missed', 'talked')),
  at INTEGER NOT NULL,
  group_id TEXT,
  group_name TEXT NOT NULL,
  agent_id TEXT,
  name TEXT NOT NULL,
  number TEXT NOT NULL,
  how TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  handed_to TEXT NOT NULL,
  waited_ms REAL NOT NULL,
  talk_ms REAL NOT NULL,
  hold_ms REAL NOT NULL,
  consult_ms REAL NOT NULL,
  PRIMARY KEY (contact_id, position)
);
CREATE INDEX customer_numbers_by_customer ON customer_numbers (customer_id, position);
CREATE INDEX events_by_time ON events (at, id);
CREATE INDEX token_families_by_agent ON token_families (agent_id);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id);
CREATE INDEX passkeys_by_agent ON passkeys (agent_id);
CREATE INDEX access_log_by_customer ON access_log (customer_id, at) WHERE customer_id IS NOT NULL;
CREATE INDEX access_log_by_agent ON access_log (agent_id, at);
CREATE INDEX audit_by_subject ON audit (subject, id);
CREATE INDEX configuration_by_position ON configuration (kind, position);
CREATE INDEX events_of_dialling ON events (at) WHERE type IN ('dialling.started', 'dialling.refused', 'dialling.alarm', 'dialling.lifted');
CREATE UNIQUE INDEX jobs_by_key ON jobs (kind, key) WHERE key IS NOT NULL AND finished_at IS NULL;
CREATE INDEX jobs_to_do ON jobs (kind, run_at) WHERE finished_at IS NULL;
CREATE INDEX jobs_of_person ON jobs (asked_by, created_at) WHERE asked_by IS NOT NULL;
CREATE INDEX jobs_finished ON jobs (kind, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_by_actor ON audit (actor, at, id);
CREATE INDEX audit_by_action ON audit (action, at, id);
CREATE INDEX audit_by_actor_action ON audit (actor, action, at, id);
CREATE INDEX audit_by_subject_time ON audit (subject, at, id);
CREATE INDEX access_log_by_time ON access_log (at, id);
CREATE INDEX invitations_by_person ON invitations (agent_id);
CREATE INDEX contacts_by_customer ON contacts (customer_id, started_at);
CREATE INDEX contacts_by_number ON contacts (number) WHERE customer_id IS NULL;
CREATE INDEX contacts_by_time ON contacts (started_at, contact_id);
CREATE INDEX contacts_by_agent ON contacts (agent_id, started_at, contact_id);
CREATE INDEX contacts_by_group ON contacts (group_id, started_at, contact_id);
CREATE INDEX contacts_missed ON contacts (started_at, contact_id) WHERE outcome <> 'answered';
CREATE INDEX contacts_reached ON contacts (number, started_at) WHERE outcome = 'answered' AND number <> '';
CREATE INDEX contacts_without_disposition ON contacts (started_at, contact_id) WHERE disposition_missing = 1;
CREATE INDEX contact_legs_by_agent ON contact_legs (agent_id, started_at, contact_id) WHERE kind = 'talked' AND agent_id IS NOT NULL;
CREATE INDEX contact_legs_by_group ON contact_legs (group_id, started_at, contact_id) WHERE group_id IS NOT NULL;
CREATE INDEX contact_legs_by_number ON contact_legs (number) WHERE number <> '';
CREATE INDEX contact_legs_handed_to ON contact_legs (handed_to) WHERE handed_to <> '';
CREATE TABLE media_objects (
  media_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes INTEGER NOT NULL CHECK (bytes > 0),
  sha256 TEXT NOT NULL,
  wrapped_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT
);
CREATE INDEX media_by_age ON media_objects (created_at);
CREATE TABLE media_uses (
  media_id TEXT NOT NULL REFERENCES media_objects (media_id),
  used_by TEXT NOT NULL,
  PRIMARY KEY (media_id, used_by)
);
CREATE INDEX media_by_user ON media_uses (used_by);
INSERT INTO revision ("only", value) VALUES (1, 0);`;

/** What a file refuses by its triggers. */
export const REFUSALS = [
  `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$`,
  `CREATE FUNCTION keep_events() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF OLD.at >= coalesce((SELECT before FROM retention WHERE of = 'events'), 0) THEN RAISE EXCEPTION 'events is append-only'; END IF;
    RETURN OLD;
  END $$`,
  'CREATE TRIGGER events_refuses_update BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION refuse()',
  'CREATE TRIGGER events_refuses_delete BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION keep_events()',
  `CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit FOR EACH ROW
  WHEN (NEW.note IS NOT NULL OR NEW.note_salt IS NOT NULL
    OR (NEW.id, NEW.at, NEW.action, NEW.subject, NEW.address, NEW.details, NEW.previous_hash, NEW.hash) <> (OLD.id, OLD.at, OLD.action, OLD.subject, OLD.address, OLD.details, OLD.previous_hash, OLD.hash)
    OR NEW.actor IS DISTINCT FROM OLD.actor OR NEW.note_digest IS DISTINCT FROM OLD.note_digest)
  EXECUTE FUNCTION refuse()`,
  'CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse()',
  'CREATE TRIGGER access_log_refuses_update BEFORE UPDATE ON access_log FOR EACH ROW EXECUTE FUNCTION refuse()',
  'CREATE TRIGGER access_log_refuses_delete BEFORE DELETE ON access_log FOR EACH ROW EXECUTE FUNCTION refuse()',
  ...['events', 'audit', 'access_log'].map((table) => `CREATE TRIGGER ${table}_refuses_truncate BEFORE TRUNCATE ON ${table} EXECUTE FUNCTION refuse()`),
];
