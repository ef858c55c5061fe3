import { dialClassOf } from '../../contract/dial-class.ts';
import type { DialClass, DialRights as ShownRights } from '../../contract/dial-rights.ts';
import { fail, ok, type Result } from '../../contract/errors.ts';
import type { ContactId, LegId } from '../../contract/ids.ts';
import { localTime } from '../../contract/local-time.ts';
import type { CenterEvent } from '../events.ts';
import type { Journal } from '../journal.ts';
import type { CenterLogger } from '../logger.ts';
import type { Office } from '../office.ts';
import type { Clock, Records } from '../ports.ts';
import { emergencyWaitMs, isManyEmergencies } from './emergency.ts';
import { isForeign, suspicionOf, type DialFact, type Suspicion } from './fraud.ts';
import { accountKey, rightsOf, type DialAccount, type DialBlock, type DialRights } from './rules.ts';

const HOUR_MS = 3600_000;
/** Of one account; more of them are a pattern long before. */
const MOST_FACTS = 5000;

/** Whose calls, or the whole center's. */
export type DialParty = DialAccount | { kind: 'center'; id: '' };
const CENTER: DialParty = { kind: 'center', id: '' };

interface DiallingParts {
  office: Office;
  clock: Clock;
  journal: Journal;
  logger: CenterLogger;
  records: Pick<Records, 'putDialBlock' | 'removeDialBlock'>;
  /** Whose outside legs live, one for each of them. */
  outsideLegs: () => DialAccount[];
  groupsOf: (agentId: string) => readonly string[];
  /** Those in charge are told: of what looks like fraud, or of emergency calls in numbers. */
  onAlarm: (party: DialParty, of: 'fraud' | 'emergency') => void;
  /** What this account may dial is another now. */
  onRights: (party: DialParty) => void;
}

/** The line's own number for a call: who may have it, and what it was. */
export interface DialPermit {
  dialClass: DialClass;
  longestMs: number;
}

/**
 * Whether the center dials out, for whom, and how much: the one place where that is decided. `ring` of center/calls asks
 * it for every leg that leaves the center, by whatever command, phone or REFER it comes about.
 */
export class Dialling {
  private readonly parts: DiallingParts;
  private readonly blocks = new Map<string, DialBlock>();
  /** Of the last hour, or of the alarm's window where that is longer; by account, and all of them. */
  private readonly facts = new Map<string, DialFact[]>();
  private readonly open = new Map<LegId, { account: DialAccount; fact: DialFact }>();

  constructor(parts: DiallingParts) {
    this.parts = parts;
    for (const block of parts.office.configuration.dialling.blocks) this.blocks.set(accountKey({ kind: block.subject, id: block.id }), block);
  }

  /** The last hour of a center before us counts on. @param events oldest first */
  restore(events: readonly CenterEvent[]): void {
    const blocked = new Set<string>();
    for (const { type, data, at } of events) {
      if (type === 'dialling.alarm') blocked.add(accountKey({ kind: data.subject, id: data.id }));
      if (type === 'dialling.lifted') blocked.delete(accountKey({ kind: data.subject, id: data.id }));
      if (type !== 'dialling.started' && type !== 'dialling.refused') continue;
      const key = accountKey(data.account);
      this.note(data.account, data.dialClass, at, blocked.has(key) || at > (this.blocks.get(key)?.at ?? Infinity));
    }
  }

  /**
   * May `account` dial this number now? Emergency numbers whatever anybody set, and one every half a minute at least.
   * `dial.class-forbidden`: not their class of service. `dial.blocked`: their calls looked like fraud.
   * `dial.limit-reached`: too many at once or in an hour, theirs or the center's.
   * @param number as dialled, or E.164
   * @param account null where nobody answers for the call: then never
   */
  mayDial(account: DialAccount | null, number: string): Result<DialPermit> {
    const dialClass = dialClassOf(number, this.parts.office.home);
    const rights = account === null ? null : this.rightsOf(account);
    const permit = ok({ dialClass, longestMs: rights?.longestMs ?? HOUR_MS });
    if (dialClass === 'emergency') return this.afterMany(account) ?? permit;
    if (account === null || rights === null) return fail('dial.class-forbidden', 'nobody of the center answers for this call');
    if (!rights.classes.has(dialClass)) return fail('dial.class-forbidden', `${dialClass} is not in the class of service`);
    if (isForeign(dialClass) && this.isBlocked(account)) return fail('dial.blocked', `${dialClass} is blocked after an alarm`);
    return this.withinLimits(account, rights) ?? permit;
  }

  /** The same for a call that is made now: it is counted, and a refusal is written down. */
  dial(account: DialAccount | null, number: string, contactId: ContactId): Result<DialPermit> {
    const permit = this.mayDial(account, number);
    if (account === null) return permit;
    const dialClass = permit.ok ? permit.value.dialClass : dialClassOf(number, this.parts.office.home);
    if (permit.ok) this.parts.journal.write('dialling.started', { account, dialClass }, { contactId });
    else {
      this.parts.journal.write('dialling.refused', { account, dialClass, why: permit.error.code }, { contactId });
      this.parts.logger.warn({ contactId, account: accountKey(account), dialClass, code: permit.error.code }, 'a call to the outside was refused');
    }
    // A limit says nothing of where calls go; a class that was refused does.
    if (!permit.ok && (!isForeign(dialClass) || permit.error.code === 'dial.limit-reached')) return permit;
    this.note(account, dialClass, this.parts.clock.now(), this.blocks.has(accountKey(account)));
    if (dialClass === 'emergency') this.tellOfMany(account);
    this.suspect(account);
    return permit;
  }

  /** The leg of a call that was permitted a moment ago. */
  begun(legId: LegId, account: DialAccount): void {
    const fact = this.facts.get(accountKey(account))?.at(-1);
    if (fact !== undefined) this.open.set(legId, { account, fact });
  }

  /** @param talkMs how long it was up */
  ended(legId: LegId, talkMs: number): void {
    const open = this.open.get(legId);
    if (open === undefined) return;
    this.open.delete(legId);
    open.fact.talkMs = talkMs;
    this.suspect(open.account);
  }

  isBlocked(party: DialParty): boolean {
    return this.blocks.has(accountKey(party)) || this.blocks.has(accountKey(CENTER));
  }

  /** Somebody in charge has looked into it. Answers whether there was a block. */
  lift(party: DialParty, by: string): boolean {
    const key = accountKey(party);
    if (!this.blocks.delete(key)) return false;
    // What it was for is settled: the next alarm is for what comes now.
    this.facts.delete(key);
    this.parts.onRights(party);
    this.parts.journal.write('dialling.lifted', { subject: party.kind, id: party.id, by }, {});
    this.parts.logger.info({ account: key, by }, 'a block of outside calls was lifted');
    void this.keep(() => this.parts.records.removeDialBlock(party.kind, party.id));
    return true;
  }

  /** What a person's desk says before they dial. */
  shownTo(agentId: string): ShownRights {
    const { office } = this.parts;
    const account: DialAccount = { kind: 'person', id: agentId };
    return { classes: [...this.rightsOf(account).classes], blocked: this.isBlocked(account), home: office.home, own: office.configuration.numbers.map(({ e164 }) => e164) };
  }

  /** How long a call of theirs may be. */
  longestOf(account: DialAccount): number {
    return this.rightsOf(account).longestMs;
  }

  private rightsOf(account: DialAccount): DialRights {
    const groups = account.kind === 'person' ? this.parts.groupsOf(account.id) : [];
    return rightsOf(this.parts.office.configuration.dialling.rules, account, groups);
  }

  private withinLimits(account: DialAccount, { callsAtOnce, callsPerHour }: DialRights): Result<never> | null {
    const legs = this.parts.outsideLegs();
    const own = legs.filter(({ kind, id }) => kind === account.kind && id === account.id).length;
    if (own >= callsAtOnce) return fail('dial.limit-reached', `${own} calls at once`);
    if (legs.length >= this.parts.office.configuration.dialling.line.outsideAtOnce) return fail('dial.limit-reached', 'the lines of the center are taken');
    const now = this.parts.clock.now();
    const lastHour = (this.facts.get(accountKey(account)) ?? []).filter(({ at }) => at > now - HOUR_MS);
    const [oldest] = lastHour;
    if (oldest === undefined || lastHour.length < callsPerHour) return callsPerHour === 0 ? fail('dial.limit-reached', 'no calls at all') : null;
    return fail('dial.limit-reached', `${lastHour.length} calls in an hour`, Math.max(0, oldest.at + HOUR_MS - now));
  }

  private note(account: DialAccount, dialClass: DialClass, at: number, isBlocked: boolean): void {
    const { alarm } = this.parts.office.configuration.dialling;
    const { minute } = localTime(at, this.parts.office.configuration.timeZone);
    const fact: DialFact = { at, minute, dialClass, talkMs: null };
    // Who is blocked calls nobody abroad any more, and must not have everybody blocked by trying on.
    for (const key of isBlocked && isForeign(dialClass) ? [accountKey(account)] : [accountKey(account), accountKey(CENTER)]) {
      const from = at - Math.max(HOUR_MS, alarm.windowMs);
      this.facts.set(key, [...(this.facts.get(key) ?? []).filter((one) => one.at > from).slice(-MOST_FACTS), fact]);
    }
  }

  private afterMany(account: DialAccount | null): Result<never> | null {
    if (account === null) return null;
    const waitMs = emergencyWaitMs(this.facts.get(accountKey(account)) ?? [], this.parts.clock.now(), this.parts.office.configuration.dialling.alarm);
    return waitMs > 0 ? fail('dial.limit-reached', 'emergency calls without end', waitMs) : null;
  }

  private tellOfMany(account: DialAccount): void {
    const { alarm } = this.parts.office.configuration.dialling;
    for (const party of [account, CENTER]) {
      const key = accountKey(party);
      if (!isManyEmergencies(this.facts.get(key) ?? [], this.parts.clock.now(), alarm, party === CENTER)) continue;
      this.parts.journal.write('dialling.emergencies', { subject: party.kind, id: party.id }, {});
      this.parts.logger.warn({ account: key }, 'emergency numbers are called again and again');
      this.parts.onAlarm(party, 'emergency');
    }
  }

  private suspect(account: DialAccount): void {
    const { alarm } = this.parts.office.configuration.dialling;
    const now = this.parts.clock.now();
    for (const party of [account, CENTER]) {
      const key = accountKey(party);
      const why = this.blocks.has(key) ? null : suspicionOf(this.facts.get(key) ?? [], now, alarm, party === CENTER);
      if (why !== null) this.alarm(party, why, now);
    }
  }

  private alarm(party: DialParty, why: Suspicion, at: number): void {
    const block: DialBlock = { subject: party.kind, id: party.id, at, why };
    this.blocks.set(accountKey(party), block);
    this.parts.journal.write('dialling.alarm', { subject: party.kind, id: party.id, why }, {});
    this.parts.logger.warn({ account: accountKey(party), why }, 'outside calls look like fraud: international and premium ones are blocked');
    void this.keep(() => this.parts.records.putDialBlock(block));
    this.parts.onAlarm(party, 'fraud');
    this.parts.onRights(party);
  }

  private async keep(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.parts.logger.error({ err: error }, 'a block of outside calls could not be kept');
    }
  }
}
