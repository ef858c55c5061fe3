import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { requireNode } from '../node-version.ts';
import { operatorConfig, writeAsteriskFiles } from './config.ts';

/*
 * npm run asterisk:config -- --out DIR [--sip ADDRESS] [--http ADDRESS]
 *     writes commented configuration for an Asterisk of the operator's own. It listens on loopback unless an address is
 *     given for SIP (trunks, desk phones), for HTTP (ARI, phones' WebSockets), or for both.
 */

/** Beside the configuration: what the center's SANGDAM_ARI_PASSWORD_FILE names. */
const PASSWORD_FILE = 'ari-password';

export interface Written {
  files: string[];
  passwordFile: string;
}

/** Writes the files and ARI's password, which is random, and stays what it is when they are written again. */
export async function writeOperatorConfig(folder: string, addresses: { sipAddress?: string; httpAddress?: string } = {}): Promise<Written> {
  const passwordFile = resolve(join(folder, PASSWORD_FILE));
  await mkdir(folder, { recursive: true });
  const known = (await readFile(passwordFile, 'utf8').catch(() => '')).trim();
  const ariPassword = known === '' ? randomBytes(24).toString('base64url') : known;
  if (known === '') await writeFile(passwordFile, `${ariPassword}\n`, { mode: 0o600 });
  return { files: await writeAsteriskFiles(folder, { ...operatorConfig, ...addresses, ariPassword }), passwordFile };
}

if (import.meta.main) {
  requireNode();
  const { out, sip, http } = parseArgs({ options: { out: { type: 'string' }, sip: { type: 'string' }, http: { type: 'string' } } }).values;
  if (out === undefined) {
    console.error('Where to? npm run asterisk:config -- --out DIR [--sip ADDRESS] [--http ADDRESS]');
    process.exit(2);
  }
  const { files, passwordFile } = await writeOperatorConfig(out, { ...(sip !== undefined && { sipAddress: sip }), ...(http !== undefined && { httpAddress: http }) });
  const listens = (address: string): string => (address === '127.0.0.1' ? 'on loopback alone' : `on ${address}`);
  console.log(`Written:\n${files.map((file) => `  ${file}`).join('\n')}\n
SIP (trunks, desk phones) listens ${listens(sip ?? operatorConfig.sipAddress)}, HTTP (ARI, phones' WebSockets) ${listens(http ?? operatorConfig.httpAddress)}.
ARI's password is random. The center reads it from its own file, which is for its user alone:
  SANGDAM_ARI_PASSWORD_FILE=${passwordFile}

Look through the files, put the announcements (resources/announcements) into ${operatorConfig.soundsFolder}, and copy
the .conf files to /etc/asterisk: docs/asterisk.md.`);
}
