import { release, totalmem } from 'node:os';
import { bridgeCalls, type SessionView } from '../../contract/bridge/index.ts';
import { ctiEvents } from '../../contract/cti/events.ts';
import { ErrorCode } from '../../contract/errors.ts';

/** What a diagnostic bundle is made of. */
export interface DiagnosticParts {
  view: SessionView;
  /** Lines of the log, oldest first. */
  lines: readonly string[];
  /** Versions of the program and what it is built on. */
  versions: Readonly<Record<string, string>>;
  platform: NodeJS.Platform;
  /** Whether secrets are sealed on this system. */
  secrets: 'sealed' | 'memory';
  windows: number;
  memory: NodeJS.MemoryUsage;
  uptimeSeconds: number;
  at: Date;
}

const LINES = 5000;
const LEVELS_AND_REASONS = ['debug', 'info', 'warn', 'error', 'clean-exit', 'abnormal-exit', 'killed', 'crashed', 'oom', 'launch-failed', 'integrity-failure', 'memory-eviction'];
const STORES = ['sealed', 'memory', 'encrypted', 'cache-key', 'sign-in', 'gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6', 'basic_text', 'unknown'];
const STATES = ['system', 'manual', 'none', 'desktop', 'web', 'connected', 'connecting', 'lost', 'registered', 'registering', 'ringing', 'established', 'ended'];
/** Values of a log line that are our own words. Any other text may be somebody's. */
const WORDS: ReadonlySet<string> = new Set([
  ...ErrorCode.options,
  ...Object.keys(bridgeCalls),
  ...Object.keys(ctiEvents),
  ...LEVELS_AND_REASONS,
  ...STORES,
  ...STATES,
]);
/** Fields that are told at all; others are counted. */
const FIELDS = new Set(['time', 'level', 'text', 'error', 'code', 'state', 'reason', 'call', 'secret', 'backend', 'event', 'again', 'onCall', 'from', 'to', 'expected', 'got', 'proxy', 'authorities', 'storage', 'remaining', 'status']);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** Ids: told apart by a letter and a count of this bundle, so that lines still belong together. */
const IDS = new Set(['agentId', 'contactId', 'customerId', 'groupId', 'legId', 'dialogKey', 'session']);

/**
 * What a support engineer needs to see, and nothing of any person: settings and health as our own words, log lines
 * with their fixed texts, ids replaced by numbers of this bundle. Readable text, so that whoever sends it can look.
 */
export function diagnosticBundle({ view, lines, versions, platform, secrets, windows, memory, uptimeSeconds, at }: DiagnosticParts): string {
  const { health, phase, host, settings, desktop } = view;
  const bundle = {
    made: at.toISOString(),
    versions,
    system: { platform, release: release(), memoryMb: Math.round(totalmem() / 2 ** 20) },
    process: { uptimeSeconds: Math.round(uptimeSeconds), heapMb: Math.round(memory.heapUsed / 2 ** 20), rssMb: Math.round(memory.rss / 2 ** 20), windows },
    session: {
      host,
      phase,
      signedInAs: view.me === null ? null : view.me.role,
      contacts: view.contacts.map(({ kind, me }) => ({ kind, state: me.state })),
      audio: view.audio.map(({ dialog, media, muted }) => ({ dialog, media, muted })),
      groups: view.groups.length,
    },
    health: { cti: stateOf(health.cti), phone: stateOf(health.phone), microphone: health.microphone, switch: health.switch, cache: health.cache },
    secrets,
    settings: {
      language: settings.language,
      theme: settings.theme,
      dock: settings.dock,
      notifications: settings.notifications,
      ownMicrophone: settings.microphoneId !== null,
      ownSpeaker: settings.speakerId !== null,
      ownRinger: settings.ringerId !== null,
    },
    desktop: desktop === null ? null : { hasServer: desktop.server !== null, proxy: desktop.settings.proxy.mode, ownAuthority: desktop.settings.certificateFile !== null, managed: desktop.managed, problems: desktop.problems.map(({ code }) => code), displays: desktop.displays.length, update: desktop.update.state },
    log: anonymous(lines.slice(-LINES)),
  };
  return `${JSON.stringify(bundle, null, 2)}\n`;
}

const stateOf = ({ state, error }: { state: string; error: { code: string } | null }): { state: string; code: string | null } => ({ state, code: error?.code ?? null });

/** Log lines as far as they are of our own making. A line that is none of ours is counted, not told. */
function anonymous(lines: readonly string[]): (Record<string, unknown> | string)[] {
  const names = new Map<string, string>();
  const nameOf = (key: string, id: string): string => {
    const known = names.get(`${key} ${id}`) ?? `${key}-${names.size + 1}`;
    names.set(`${key} ${id}`, known);
    return known;
  };
  return lines.map((line) => {
    const fields = parse(line);
    if (fields === null) return '[not a line of ours]';
    const known = Object.entries(fields).filter(([key]) => FIELDS.has(key) || IDS.has(key));
    const others = Object.keys(fields).length - known.length;
    return { ...Object.fromEntries(known.map(([key, value]) => [key, told(key, value, nameOf)])), ...(others > 0 ? { others } : {}) };
  });
}

function told(key: string, value: unknown, nameOf: (key: string, id: string) => string): unknown {
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Math.abs(value) < 1e6 ? value : '[number]';
  if (typeof value !== 'string') return '[data]';
  if (IDS.has(key)) return nameOf(key, value);
  if (key === 'text') return words(value);
  // Of an error, its class and code: messages quote paths, addresses and names.
  if (key === 'error') return errorKind(value);
  return WORDS.has(value) || (key === 'time' && TIME.test(value)) ? value : '[text]';
}

/** The text of a line is fixed in the program, plain English words; should one hold data after all, only such words survive. */
const words = (text: string): string => text.slice(0, 200).replace(/\S+/g, (word) => (/^[A-Za-z']+[.,;:]?$/.test(word) ? word : '…'));

const errorKind = (text: string): string => /^(?:\w*Error|E[A-Z]+)\b/.exec(text)?.[0].concat(/\b(E[A-Z]{3,}|SQLITE_[A-Z_]+|ERR_[A-Z_]+)\b/.exec(text)?.[0].replace(/^/, ' ') ?? '') ?? '[text]';

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
