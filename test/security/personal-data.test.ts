import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { firstForgedAudit } from '../../center/store/audit-log.ts';
import { loadStoreKey, openStore } from '../../center/store/index.ts';
import { SignedIn } from '../../contract/cti/sign-in.ts';
import { resultOf } from '../../contract/errors.ts';
import { systemClock } from '../../server/clock.ts';
import { startServer } from '../../server/server.ts';
import { until } from '../support/until.ts';
import { must } from '../switch/stage.ts';
import { openSession } from '../server/agent/support/office.ts';
import { temporaryFolder } from '../unit/store/support.ts';

const PASSWORD = 'sangdam-demo';
/** A customer of the demo, who has contacts of both groups. */
const NAME = '자전거 통근자 0002';
const NUMBER = '+821000000002';

/** All bytes of all files below a folder. */
function bytesOf(folder: string): Buffer {
  return Buffer.concat(readdirSync(folder).map((name) => join(folder, name)).map((path) => (statSync(path).isDirectory() ? bytesOf(path) : readFileSync(path))));
}

async function running() {
  const dataFolder = await temporaryFolder();
  const server = await startServer({ host: '127.0.0.1', port: 0, dataFolder, demo: true });
  const stop = () => server.stop();
  onTestFinished(stop);
  const post = async (path: string, body: unknown, token?: string) => {
    const response = await fetch(`${server.origin}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) }, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as unknown };
  };
  return { dataFolder, server, stop, post };
}

/** Somebody at a desktop, whose copy of the customers is whole. */
async function deskOf(origin: string, account: string) {
  const desk = openSession({ origin });
  must(await desk.call('session.signIn', { server: null, account, password: PASSWORD }));
  const all = async () => must(await desk.call('customers.search', { text: '', limit: 1, offset: 0 })).total;
  await until('the customers are here', async () => (await all()) === 1000 && desk.session.view.health.cache.state === 'ready', 20_000);
  const open = async (name: string) => {
    const [found] = must(await desk.call('customers.search', { text: name, limit: 1, offset: 0 })).customers;
    return found === undefined ? null : must(await desk.call('customers.get', { customerId: found.customerId }));
  };
  return { ...desk, all, open };
}

it('a person’s data is for who needs it, its readers are on record, and it can be gone', async () => {
  const { dataFolder, server, stop, post } = await running();
  const ofBoth = await deskOf(server.origin, 'agent1');
  const ofOne = await deskOf(server.origin, 'agent7');

  // The same contacts, and what was written of those of the group alone.
  const [whole, part] = [await ofBoth.open(NAME), await ofOne.open(NAME)];
  expect(whole?.customer).toMatchObject({ name: NAME, numbers: [{ e164: NUMBER }] });
  const lines = whole?.timeline ?? [];
  expect(part?.timeline.map(({ contactId }) => contactId)).toEqual(lines.map(({ contactId }) => contactId));
  const withheld = lines.filter(({ memo, contactId }) => memo !== '' && part?.timeline.find((line) => line.contactId === contactId)?.memo === '');
  expect(withheld.length).toBeGreaterThan(0);
  expect(withheld.every(({ groupId }) => groupId === 'orders')).toBe(true);
  expect(lines.filter(({ groupId, memo }) => groupId === 'orders' && memo !== '')).toEqual(withheld);

  // Erased, it leaves the desks by itself.
  const signedIn = must(resultOf(SignedIn).parse((await post('/api/auth/sign-in', { account: 'admin', password: PASSWORD, client: 'desktop' })).body));
  if (whole === null) throw new Error('the demo has no such customer');
  const { customerId } = whole.customer;
  expect(await post(`/api/v1/customers/${customerId}/erase`, { reason: 'asked for by letter' }, signedIn.accessToken)).toMatchObject({ status: 200, body: { kind: 'customers.erase' } });
  for (const desk of [ofBoth, ofOne]) await until('the desk has dropped them', async () => (await desk.all()) === 999 && must(await desk.call('customers.get', { customerId })) === null, 10_000);
  must(await ofOne.call('session.signOut', null));
  await stop();

  // Nothing that is kept can be read without the key.
  const bytes = bytesOf(dataFolder);
  for (const text of [NAME, NUMBER, '새내기 부모 0001', '+821000000001', 'CREATE TABLE']) expect([text, bytes.includes(text)]).toEqual([text, false]);

  const file = join(dataFolder, 'center.db');
  const store = await openStore({ file, key: await loadStoreKey(file), clock: systemClock, logger: { info: () => {}, warn: () => {}, error: () => {} } });
  onTestFinished(() => store.close());
  const accesses = await store.db.selectFrom('access_log').selectAll().execute();
  for (const agent of ['agent1', 'agent7']) expect(accesses).toContainEqual(expect.objectContaining({ agent_id: agent, kind: 'sync', customers: 1000, address: '127.0.0.1' }));
  expect(accesses).toContainEqual(expect.objectContaining({ agent_id: 'agent7', kind: 'customer', customer_id: customerId }));
  expect(await store.db.selectFrom('audit').select(['actor', 'subject', 'note']).where('action', '=', 'customers.erased').execute()).toEqual([{ actor: 'admin', subject: customerId, note: 'asked for by letter' }]);
  expect(await firstForgedAudit(store.db)).toBeNull();
});
