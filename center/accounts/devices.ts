import { randomBytes } from 'node:crypto';
import type { AgentId } from '../../contract/ids.ts';
import { isSameSecret, keyFor, mac } from './keys.ts';

/**
 * Marks of devices on which a person has signed in. A mark opens nothing: it lets the limits of sign-ins tell the person
 * from strangers who try their account (OWASP: Slow Down Online Guessing Attacks with Device Cookies).
 */
export class Devices {
  private readonly key: Uint8Array;

  constructor(installationKey: Uint8Array) {
    this.key = keyFor(installationKey, 'device marks');
  }

  /** A mark for this person on a new device: nothing of it is kept here. */
  mark(agentId: AgentId): string {
    const id = randomBytes(16).toString('base64url');
    return `${id}.${this.signatureOf(agentId, id)}`;
  }

  /** Id of the device, when the mark is this person's; null for any other. */
  idOf(agentId: AgentId, mark: string): string | null {
    const [id = '', signature = ''] = mark.split('.', 2);
    return isSameSecret(signature, this.signatureOf(agentId, id)) ? id : null;
  }

  private signatureOf(agentId: AgentId, id: string): string {
    return mac(this.key, `${agentId} ${id}`);
  }
}
