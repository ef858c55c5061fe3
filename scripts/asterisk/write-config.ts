import { requireNode } from '../node-version.ts';
import { operatorConfig, writeAsteriskFiles } from './config.ts';

/* npm run asterisk:config -- --out DIR     writes commented configuration for an Asterisk of the operator's own */

requireNode();
const at = process.argv.indexOf('--out');
const folder = at === -1 ? undefined : process.argv[at + 1];
if (folder === undefined) {
  console.error('Where to? npm run asterisk:config -- --out DIR');
  process.exit(2);
}
const files = await writeAsteriskFiles(folder, operatorConfig);
console.log(`Written:\n${files.map((file) => `  ${file}`).join('\n')}\n
Change the password in ari.conf, look through the addresses in http.conf, pjsip.conf and rtp.conf, put the announcements
(resources/announcements) into ${operatorConfig.soundsFolder}, and copy the files to /etc/asterisk: docs/asterisk.md.`);
