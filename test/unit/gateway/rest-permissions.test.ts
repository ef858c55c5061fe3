import { describe, expect, it } from 'vitest';
import { API_BASE, endpointNames, endpoints, type Endpoint, type EndpointName } from '../../../contract/api/index.ts';
import { hasScope } from '../../../contract/permissions.ts';
import { stage, webFolder } from './stage.ts';

/** Who asks. Those after `admin` hold a token that was good once, or never. */
const people = ['nobody', 'agent', 'supervisor', 'admin', 'expired', 'replaced', 'disabled', 'forged'] as const;
type Person = (typeof people)[number];
const signedIn: readonly Person[] = ['agent', 'supervisor', 'admin'];

/** How far somebody comes: past the door, to a refusal because of who they are, or because they are nobody. */
type Outcome = 'in' | 'forbidden' | 'stranger';

interface Row {
  for: 'everybody' | 'whoever is signed in' | 'those in charge' | 'administrators' | 'no role';
  /** What is sent after the address. A body that is none is refused behind the door, so that nothing is done. */
  body?: unknown;
  query?: string;
  /** What stands for the id in the address, and what an administrator is told of it. */
  objects?: Readonly<Record<string, number>>;
}

const nothing = { not: 'a body' };

/** An endpoint of the contract is for those whose role has its scope; what is sent is no request of it, so that nothing is done. */
function rowOf(name: EndpointName): [string, Row] {
  const { method, path, scope }: Endpoint = endpoints[name];
  const who = (['agent', 'supervisor', 'admin'] as const).filter((role) => scope !== null && hasScope({ role, duties: [], kind: 'desk' }, scope));
  if (scope === null) return [`${method} ${API_BASE}${path}`, { for: 'everybody', body: nothing, query: method === 'GET' ? '?not=a-query' : '' }];
  return [`${method} ${API_BASE}${path}`, { for: who.includes('agent') ? 'whoever is signed in' : who.includes('supervisor') ? 'those in charge' : who.includes('admin') ? 'administrators' : 'no role', body: nothing, query: method === 'GET' ? '?not=a-query' : '', ...(path.includes(':') && { objects: { 'cu-1': 400, nobody: 400, "' OR 1=1": 400 } }) }];
}

/** Every route there is. One without a row fails the first test. */
const rows: Readonly<Record<string, Row>> = {
  'POST /api/auth/sign-in': { for: 'everybody' },
  'POST /api/auth/factor': { for: 'everybody' },
  'POST /api/auth/factor/passkey-options': { for: 'everybody' },
  'POST /api/auth/new-password': { for: 'everybody' },
  'POST /api/auth/refresh': { for: 'everybody' },
  'POST /api/auth/sign-out': { for: 'whoever is signed in' },
  'GET /api/auth/account': { for: 'whoever is signed in' },
  'POST /api/auth/password': { for: 'whoever is signed in', body: nothing },
  'POST /api/auth/totp/begin': { for: 'whoever is signed in', body: nothing },
  'POST /api/auth/totp/confirm': { for: 'whoever is signed in', body: nothing },
  'POST /api/auth/totp/remove': { for: 'whoever is signed in', body: nothing },
  'POST /api/auth/recovery-codes': { for: 'whoever is signed in', body: nothing },
  'POST /api/auth/passkeys/begin': { for: 'whoever is signed in', body: nothing },
  'POST /api/auth/passkeys/finish': { for: 'whoever is signed in', body: nothing },
  'POST /api/auth/passkeys/remove': { for: 'whoever is signed in', body: nothing },
  ...Object.fromEntries(endpointNames.map((name) => rowOf(name))),
  'GET /api/v1': { for: 'everybody' },
  'GET /api/v1/': { for: 'everybody' },
  'GET /api/v1/openapi.json': { for: 'everybody' },
  'GET /healthz': { for: 'everybody' },
  'GET /': { for: 'everybody' },
  'GET /*': { for: 'everybody' },
};

type Office = Awaited<ReturnType<typeof stage>>;

/** The bearer header of somebody, who is then what they are called. */
async function headersOf(person: Person, office: Office): Promise<Record<string, string>> {
  if (person === 'nobody') return {};
  const account = person === 'supervisor' || person === 'admin' ? person : 'agent1';
  const { accessToken } = person === 'forged' ? await (await stage()).signIn('agent1') : await office.signIn(account);
  if (person === 'expired') office.store.clock.at += 16 * 60_000;
  if (person === 'replaced') await office.store.db.updateTable('token_families').set({ ended_at: office.store.clock.at }).where('agent_id', '=', account).execute();
  if (person === 'disabled') await office.send('/api/v1/accounts/agent1/disable', {}, { authorization: `Bearer ${(await office.signIn('admin')).accessToken}` });
  return { authorization: `Bearer ${accessToken}` };
}

const outcomeOf = (status: number): Outcome => (status === 401 ? 'stranger' : status === 403 ? 'forbidden' : 'in');

function expected(person: Person, row: Row): Outcome {
  if (row.for === 'everybody') return 'in';
  // A disabled account is told that it is, as its own person; nobody else is told anything.
  if (person === 'disabled') return 'forbidden';
  if (!signedIn.includes(person)) return 'stranger';
  const far = { 'whoever is signed in': 0, 'those in charge': 1, administrators: 2, 'no role': 3 }[row.for];
  return signedIn.indexOf(person) < far ? 'forbidden' : 'in';
}

const requestsOf = (route: string, { objects = {} }: Row): { method: string; path: string; object: string | null }[] => {
  const [method = '', path = ''] = route.split(' ');
  return path.includes(':') ? Object.keys(objects).map((object) => ({ method, path: path.replace(/:\w+/, object), object })) : [{ method, path: path.replace('*', 'no-such-file.js'), object: null }];
};

const ask = (origin: string, method: string, path: string, headers: Record<string, string>, body: unknown): Promise<Response> =>
  fetch(`${origin}${path}`, { method, headers: { ...headers, 'content-type': 'application/json' }, ...(method !== 'GET' && method !== 'HEAD' && { body: JSON.stringify(body ?? null) }) });

describe('role × route × object', () => {
  it('has a row for every route', async () => {
    const { gateway } = await stage({ webFolder: await webFolder() });
    const routes = gateway.routes.filter(({ method }) => method !== 'HEAD').map(({ method, path }) => `${method} ${path}`);
    expect(routes.toSorted()).toEqual(Object.keys(rows).toSorted());
  });

  it.each(people)('%s comes exactly as far as they may', async (person) => {
    const office = await stage({ webFolder: await webFolder() });
    const headers = await headersOf(person, office);
    // What ends the sign-in comes last.
    const inOrder = Object.entries(rows).toSorted(([a], [b]) => Number(a === 'POST /api/auth/sign-out') - Number(b === 'POST /api/auth/sign-out'));
    for (const [route, row] of inOrder) {
      for (const { method, path, object } of requestsOf(route, row)) {
        const response = await ask(office.origin, method, `${path}${row.query ?? ''}`, headers, row.body);
        const isAdministering = person === 'admin' && object !== null;
        const wanted = isAdministering ? row.objects?.[object] : expected(person, row);
        expect([method, path, isAdministering ? response.status : outcomeOf(response.status)]).toEqual([method, path, wanted]);
      }
    }
  });

  it('answers HEAD as GET', async () => {
    const office = await stage({ webFolder: await webFolder() });
    for (const person of ['nobody', 'agent'] as const) {
      const headers = await headersOf(person, office);
      for (const { method, path } of office.gateway.routes.filter((route) => route.method === 'HEAD')) {
        const address = path.replace('*', 'no-such-file.js');
        const [head, get] = await Promise.all([method, 'GET'].map((one) => fetch(`${office.origin}${address}`, { method: one, headers })));
        expect([person, path, head?.status]).toEqual([person, path, get?.status]);
      }
    }
  });

  it('tells of its health whether it works, and the rest to those in charge', async () => {
    const office = await stage();
    for (const person of ['nobody', 'agent', 'supervisor', 'admin', 'forged'] as const) {
      // As somebody who is not at this machine.
      const headers = { ...(await headersOf(person, office)), 'x-forwarded-for': '192.0.2.1' };
      const told: object = await (await fetch(`${office.origin}/healthz`, { headers })).json();
      expect([person, Object.keys(told).length > 1]).toEqual([person, person === 'supervisor' || person === 'admin']);
    }
  });
});
