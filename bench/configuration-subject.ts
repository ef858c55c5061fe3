import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentRecord, Configuration, GroupRecord, PhoneRecord } from '../center/configuration/records.ts';
import { createGateway } from '../center/gateway/index.ts';
import { createAccessTokens } from '../center/gateway/tokens.ts';
import { createContactCenter } from '../center/index.ts';
import { insertConfiguration } from '../center/store/configuration.ts';
import { demoConfiguration } from '../center/store/demo/office.ts';
import { openStore } from '../center/store/index.ts';
import { startFamily } from '../center/store/sessions.ts';
import { createEmbeddedSwitch } from '../center/switch/embedded/index.ts';
import { AgentId, GroupId } from '../contract/ids.ts';
import { systemClock } from '../server/clock.ts';

/*
 * The process that is measured: a center of so many agents and groups, with phones that talk with each other, its store on
 * the disk. On each message it says for how long its loop was kept since the one before. It ends with its parent.
 */

const [, , count = '0', phoneCount = '0'] = process.argv;
const AGENTS = Number(count);
const PHONES = Number(phoneCount);
const GROUPS = 50;
const ADMIN = AgentId.parse('admin');
const quiet = { info: () => {}, warn: () => {}, error: () => {} };

const folder = await mkdtemp(join(tmpdir(), 'sangdam-bench-'));
const clock = systemClock;
const store = await openStore({ file: join(folder, 'center.db'), key: randomBytes(32), clock, logger: quiet });
await store.db.transaction().execute((tx) => insertConfiguration(tx, configuration(), () => ''));
const switchPort = createEmbeddedSwitch({ mediaAddress: '127.0.0.1', announcementsDir: join(import.meta.dirname, '../resources/announcements'), logger: quiet, clock, trunk: () => null });
const signingKey = randomBytes(32);
const center = createContactCenter({ switchPort, records: store.records, clock, logger: quiet, phoneSecret: signingKey });
await center.start();
const allowed = { count: 1_000_000, perS: 1000 };
const gateway = await createGateway({ center, store, clock, signingKey, logger: quiet, version: 'bench', demo: false, sip: { urls: [], domain: 'bench', iceServers: () => [] }, webFolder: null, limits: { requests: allowed } });
gateway.server.on('upgrade', (request, socket, head) => {
  if (request.url?.startsWith('/sip') === true) switchPort.handleUpgrade(request, socket, head);
});
const port = await gateway.listen({ host: '127.0.0.1', port: 0 });
const issuer = createAccessTokens(signingKey, clock);
const tokens: string[] = [];
for (let index = 0; index < AGENTS; index++) tokens.push(await signIn(AgentId.parse(`a${index}`)));

/** How late the loop was at worst: who waits for it are the packets of the calls. */
let worstMs = 0;
let last = performance.now();
setInterval(() => {
  const now = performance.now();
  worstMs = Math.max(worstMs, now - last - 5);
  last = now;
}, 5);

process.on('message', () => {
  process.send?.({ worstMs });
  worstMs = 0;
});
process.on('disconnect', () => {
  void rm(folder, { recursive: true, force: true }).then(() => process.exit());
});
process.send?.({ port, tokens, admin: await signIn(ADMIN) });

async function signIn(agentId: AgentId): Promise<string> {
  const signedIn = await center.signIn(agentId, 'desktop');
  if (!signedIn.ok) throw new Error(signedIn.error.message);
  return (await issuer.issue(await startFamily(store.db, agentId, { kind: 'desk', generation: signedIn.value.generation }, clock.now()))).accessToken;
}

function configuration(): Configuration {
  const demo = demoConfiguration();
  const [first] = demo.groups;
  if (first === undefined) throw new Error('the demo has no group');
  const groups = Array.from({ length: GROUPS }, (_, index): GroupRecord => ({ ...first, groupId: GroupId.parse(`g${index}`), name: `그룹 ${index}` }));
  const agents = Array.from({ length: AGENTS }, (_, index): AgentRecord => ({
    agentId: AgentId.parse(`a${index}`), account: `a${index}`, name: `상담원 ${index}`, role: 'agent', duties: [], extension: String(10_000 + index), memberships: [{ groupId: GroupId.parse(`g${index % GROUPS}`), skill: 1 }],
  }));
  const phones = Array.from({ length: PHONES }, (_, index): PhoneRecord => ({ user: String(2000 + index), password: 'bench', displayName: `전화기 ${index}`, number: String(2000 + index), kind: 'desk' }));
  return { ...demo, groups: [...demo.groups, ...groups], people: [...demo.people.filter(({ role }) => role === 'admin'), ...agents], phones };
}
