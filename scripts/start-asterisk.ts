import { requireNode } from './node-version.ts';
import { settingsFor, up } from './asterisk/up.ts';

/* npm run start:asterisk      the whole demo on a real Asterisk: installed, started, and the center on it */

requireNode();
const result = await up();
if (!result.ok) {
  console.error(result.why);
  process.exit(1);
}
// Unless told otherwise: this is the demo, on an Asterisk that is on loopback and has no line to the outside.
Object.assign(process.env, { SANGDAM_DEMO: '1', ...process.env, ...settingsFor(result.instance) });
console.log(`The telephone switch is Asterisk (process ${result.instance.pid}); npm run asterisk:down ends it.`);
await import('./start.ts');
