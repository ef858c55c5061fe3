import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { AgentId } from '../../contract/ids.ts';
import { addPasskey, passkeysOf, passkeyUsed } from '../store/factors.ts';
import type { Database } from '../store/index.ts';
import { keyFor, mac } from './keys.ts';

/** The page that asks, as WebAuthn knows it: the host it was opened at, and its whole origin. */
export interface RelyingParty {
  id: string;
  origin: string;
}

const NAME = 'Sangdam';
const TIMEOUT_MS = 120_000;

/** Passkeys (WebAuthn level 3) as a second factor beside the password. Challenges are the caller's to keep. */
export class Passkeys {
  private readonly db: Database;
  private readonly handles: Uint8Array;

  constructor(db: Database, installationKey: Uint8Array) {
    this.db = db;
    this.handles = keyFor(installationKey, 'passkey handles');
  }

  async registrationOptions(agentId: AgentId, account: string, { id }: RelyingParty): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const known = await passkeysOf(this.db, agentId);
    return generateRegistrationOptions({
      rpName: NAME,
      rpID: id,
      userName: account,
      // No personal data: an authenticator shows it to whoever holds it (WebAuthn, 14.6.1).
      userID: Uint8Array.from(Buffer.from(mac(this.handles, agentId), 'base64url')),
      timeout: TIMEOUT_MS,
      attestationType: 'none',
      excludeCredentials: known.filter(({ rpId }) => rpId === id).map(({ credentialId }) => ({ id: credentialId })),
      authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
    });
  }

  /** Keeps the passkey that an authenticator made for `challenge`. Answers whether it was good, and new. */
  async register(agentId: AgentId, response: unknown, { challenge, label, party, now }: { challenge: string; label: string; party: RelyingParty; now: number }): Promise<boolean> {
    try {
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        // Verified field by field in there; anything else than a registration throws.
        response: response as RegistrationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        requireUserVerification: false,
      });
      if (!verified) return false;
      const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
      return await addPasskey(this.db, agentId, { credentialId: id, rpId: party.id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports, label, createdAt: now, lastUsedAt: null });
    } catch {
      return false;
    }
  }

  async authenticationOptions(agentId: AgentId, { id }: RelyingParty): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const keys = (await passkeysOf(this.db, agentId)).filter(({ rpId }) => rpId === id);
    return generateAuthenticationOptions({ rpID: id, timeout: TIMEOUT_MS, userVerification: 'preferred', allowCredentials: keys.map(({ credentialId, transports }) => ({ id: credentialId, transports })) });
  }

  /** Whether `response` is this person's passkey over `challenge`, from our own page. A counter that went back is a copy's. */
  async check(agentId: AgentId, response: unknown, { challenge, party, now }: { challenge: string; party: RelyingParty; now: number }): Promise<boolean> {
    const id = typeof response === 'object' && response !== null && 'id' in response ? response.id : null;
    const key = (await passkeysOf(this.db, agentId)).find(({ credentialId, rpId }) => credentialId === id && rpId === party.id);
    if (key === undefined) return false;
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: response as AuthenticationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        credential: { id: key.credentialId, publicKey: Uint8Array.from(Buffer.from(key.publicKey, 'base64url')), counter: key.counter },
        requireUserVerification: false,
      });
      if (verified) await passkeyUsed(this.db, key.credentialId, authenticationInfo.newCounter, now);
      return verified;
    } catch {
      return false;
    }
  }
}
