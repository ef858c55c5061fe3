import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { AgentId } from '../../contract/ids.ts';
import { confirmTotp, putRecoveryCodes, putTotp, spendRecoveryCode, spendStep, totpOf, type TotpFactor } from '../store/factors.ts';
import type { Database } from '../store/index.ts';
import { keyFor, mac, seal, unseal } from './keys.ts';

/*
 * Codes of authenticator apps (TOTP, RFC 6238) with what all apps know: SHA-1, six digits, 30 s. A code is good for its
 * own step and one on either side (5.2, 6), and once. Recovery codes stand in for a lost app, each once.
 */

const PERIOD_S = 30;
const WINDOW = 1;
const SECRET_BYTES = 20;
const ISSUER = 'Sangdam';
const RECOVERY_CODES = 10;
/** 80 bits: beyond guessing even for who has the database and the key. */
const RECOVERY_BYTES = 10;

export interface Authenticator {
  /** Base32, for typing. */
  secret: string;
  /** `otpauth://` address, for a QR code. */
  uri: string;
}

export class TotpFactors {
  private readonly db: Database;
  private readonly sealing: Uint8Array;
  private readonly hashing: Uint8Array;

  constructor(db: Database, installationKey: Uint8Array) {
    this.db = db;
    this.sealing = keyFor(installationKey, 'authenticator secrets');
    this.hashing = keyFor(installationKey, 'recovery codes');
  }

  /** A new secret, which opens nothing until `confirm`. Null where one is in use. */
  async begin(agentId: AgentId, account: string): Promise<Authenticator | null> {
    const secret = new Secret({ size: SECRET_BYTES });
    if (!(await putTotp(this.db, agentId, seal(this.sealing, secret.base32, agentId).toString('base64url')))) return null;
    return { secret: secret.base32, uri: totpWith(secret, account).toString() };
  }

  /**
   * The first code of a new secret makes it count; `asFirst`, where there is no other factor by then.
   * @returns recovery codes, shown once; null for a wrong code
   */
  async confirm(agentId: AgentId, code: string, now: number, { asFirst = false } = {}): Promise<string[] | null> {
    const factor = await totpOf(this.db, agentId);
    if (factor === null || factor.confirmedAt !== null || !(await this.spend(agentId, factor, code, now))) return null;
    return (await confirmTotp(this.db, agentId, factor.sealedSecret, now, asFirst)) ? this.newRecoveryCodes(agentId) : null;
  }

  /** Whether this is a code of theirs that nobody has used. */
  async check(agentId: AgentId, code: string, now: number): Promise<boolean> {
    const factor = await totpOf(this.db, agentId);
    return factor !== null && factor.confirmedAt !== null && this.spend(agentId, factor, code, now);
  }

  checkRecovery(agentId: AgentId, code: string, now: number): Promise<boolean> {
    return spendRecoveryCode(this.db, agentId, this.hashOf(agentId, code), now);
  }

  /** Ten new codes in the place of all older ones. */
  async newRecoveryCodes(agentId: AgentId): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCode());
    await putRecoveryCodes(this.db, agentId, codes.map((code) => this.hashOf(agentId, code)));
    return codes;
  }

  private async spend(agentId: AgentId, { sealedSecret }: TotpFactor, code: string, now: number): Promise<boolean> {
    const secret = unseal(this.sealing, Buffer.from(sealedSecret, 'base64url'), agentId)?.toString('utf8');
    if (secret === undefined) return false;
    const step = stepOf(totpWith(Secret.fromBase32(secret), ''), code, now);
    return step !== null && spendStep(this.db, agentId, sealedSecret, step);
  }

  private hashOf(agentId: AgentId, code: string): string {
    return mac(this.hashing, `${agentId} ${code.toUpperCase().replaceAll(/[^A-Z2-7]/g, '')}`);
  }
}

const totpWith = (secret: Secret, account: string): TOTP => new TOTP({ issuer: ISSUER, label: account, algorithm: 'SHA1', digits: 6, period: PERIOD_S, secret });

/** The step a code belongs to, or null. */
function stepOf(totp: TOTP, code: string, now: number): number | null {
  const delta = totp.validate({ token: code, timestamp: now, window: WINDOW });
  return delta === null ? null : totp.counter({ timestamp: now }) + delta;
}

/** Sixteen characters of base32 in four groups. */
function recoveryCode(): string {
  const { base32 } = new Secret({ buffer: Uint8Array.from(randomBytes(RECOVERY_BYTES)).buffer });
  return base32.match(/.{4}/g)?.join('-') ?? base32;
}
