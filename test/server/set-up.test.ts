import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { FieldProblem, FirstOfficeMade } from '../../contract/set-up.ts';
import { SETUP_CODE_LIFE_MS, SetUpCode } from '../../center/set-up/code.ts';
import { createLogger } from '../../server/logger.ts';
import { startServer, type ServerOptions } from '../../server/server.ts';
import { makeSetUpCode, setUpWords } from '../../server/set-up-code.ts';
import { readOwnSettings } from '../../server/settings.ts';
import { demoDataFolder, temporaryFolder } from '../unit/store/support.ts';

const CODE = 'wxyz-2345-abcd-6789';
const PASSWORD = 'kettle violin orbit 71';
const administrator = { account: 'boss', name: '관리자 하나', password: PASSWORD };
const office = {
  company: '한빛 상사',
  timeZone: 'Asia/Seoul',
  administrator,
  groups: [{ name: '주문' }, { name: '환불', hours: [{ weekday: 6, fromMinute: 1320, toMinute: 120 }] }],
  people: [{ name: '상담원 하나', groups: ['주문'] }, { name: '상담원 둘', account: 'duri', extension: '2002', role: '관리자', groups: ['주문', '환불'] }],
  numbers: [{ number: '1588-0000' }, { number: '02-123-4567', group: '환불' }],
  hours: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 540, toMinute: 1080 })),
};

/** A center with an empty store, as `npm run serve` starts it. */
async function bareCenter(options: Partial<ServerOptions> = {}) {
  const lines: string[] = [];
  const server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: await temporaryFolder(), demo: false, ownCenter: true, setUpCode: CODE, logger: createLogger('info', { write: (line: string) => void lines.push(line) }), ...options });
  onTestFinished(() => server.stop());
  const ask = async (path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.origin}${path}`, { method: body === undefined ? 'GET' : 'POST', headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers }, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const said: unknown = response.status === 204 ? null : await response.json();
    return { status: response.status, headers: response.headers, body: said };
  };
  const setUp = (asked: Record<string, unknown> = {}) => ask('/api/v1/setup', { code: CODE, ...office, ...asked });
  const signIn = async (account: string, password = PASSWORD) => {
    const { body } = await ask('/api/auth/sign-in', { account, password, client: 'web' });
    return z.object({ ok: z.boolean(), value: z.object({ accessToken: z.string(), me: z.object({ role: z.string() }) }).optional(), error: z.object({ code: z.string() }).optional() }).parse(body);
  };
  const listed = async (kind: string) => {
    const { value } = await signIn('boss');
    const { body } = await ask(`/api/v1/configuration/${kind}`, undefined, { authorization: `Bearer ${value?.accessToken ?? ''}` });
    return z.object({ objects: z.array(z.object({ id: z.string(), value: z.record(z.string(), z.unknown()) })) }).parse(body).objects;
  };
  return { server, ask, setUp, signIn, listed, lines };
}

const wrongFields = (body: unknown): string[] => z.object({ present: z.array(FieldProblem) }).parse(body).present.map(({ field, code }) => `${field} ${code}`);

describe('the first set-up of a center', () => {
  it('makes the whole office at once, in force without a restart', async () => {
    const center = await bareCenter();
    expect(await center.ask('/api/v1/setup')).toMatchObject({ status: 200, body: { needed: true } });
    const made = await center.setUp();
    expect(made).toMatchObject({ status: 201, body: { company: '한빛 상사', administrator: { account: 'boss' }, numbers: [{ number: '+8215880000' }, { number: '+8221234567' }] } });
    expect(FirstOfficeMade.parse(made.body).people).toMatchObject([{ account: 'agent1001', name: '상담원 하나', extension: '1001', invitation: { path: expect.stringMatching(/^\/invitation#[\w-]{24}$/) } }, { account: 'duri', extension: '2002' }]);
    expect(await center.ask('/api/v1/setup')).toMatchObject({ body: { needed: false } });
    expect(center.server.setUpNeeded).toBe(false);
    expect(await center.signIn('BOSS')).toMatchObject({ ok: true, value: { me: { role: 'admin' } } });
    expect(await center.listed('center')).toMatchObject([{ value: { company: '한빛 상사', timeZone: 'Asia/Seoul' } }]);
    expect((await center.listed('person')).map(({ value }) => [value['name'], value['role']])).toEqual([['관리자 하나', 'admin'], ['상담원 하나', 'agent'], ['상담원 둘', 'supervisor']]);
  });

  it('makes a flow for each number: a greeting, and then its group', async () => {
    const center = await bareCenter();
    await center.setUp();
    const [groups, flows] = [await center.listed('group'), await center.listed('flow')];
    expect(flows.map(({ value }) => value['steps'])).toEqual(groups.map(({ id }) => [{ type: 'announce', announcement: 'greeting' }, { type: 'group', groupId: id }]));
  });

  it('opens groups at their own hours, or at everybody’s; a span that ends before it begins is a night shift', async () => {
    const center = await bareCenter();
    await center.setUp();
    expect((await center.listed('group')).map(({ value }) => value['hours'])).toEqual([office.hours, [{ weekday: 6, fromMinute: 1320, toMinute: 120 }]]);
  });

  it('finds a group by its name however the Hangul of either is composed', async () => {
    const center = await bareCenter();
    const made = await center.setUp({ groups: [{ name: '주문'.normalize('NFD') }, { name: '환불' }], people: [{ name: '상담원 하나', groups: ['주문'] }], numbers: [{ number: '1588-0000', group: '주문'.normalize('NFD') }, { number: '02-123-4567', group: '환불'.normalize('NFD') }] });
    expect(made).toMatchObject({ status: 201, body: { groups: [{ name: '주문' }, { name: '환불' }] } });
    expect((await center.listed('person')).at(-1)).toMatchObject({ value: { memberships: [{ groupId: FirstOfficeMade.parse(made.body).groups[0]?.groupId }] } });
  });

  it('takes an administrator alone, and the code as it is read out', async () => {
    const center = await bareCenter();
    expect(await center.ask('/api/v1/setup', { code: 'WXYZ 2345 abcd6789', company: '한빛', timeZone: 'Europe/London', administrator })).toMatchObject({ status: 201, body: { people: [], groups: [] } });
  });

  it('writes the code nowhere, and of who tried a wrong one that they did', async () => {
    const center = await bareCenter();
    await center.setUp({ code: 'not the code at all' });
    await center.setUp();
    const log = center.lines.join('\n');
    expect(log).toContain('a wrong set-up code was tried');
    for (const secret of [CODE, 'not the code at all', PASSWORD]) expect(log).not.toContain(secret);
  });

  it('of two at one moment is one', async () => {
    const center = await bareCenter();
    const answers = await Promise.all([center.setUp(), center.setUp({ administrator: { ...administrator, account: 'other' } })]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    expect((await center.signIn(answers[0]?.status === 201 ? 'boss' : 'other')).ok).toBe(true);
    expect((await center.signIn(answers[0]?.status === 201 ? 'other' : 'boss')).ok).toBe(false);
  });
});

describe('failure: the first set-up of a center', () => {
  it('refuses a wrong code, and after some of them every code for a while', async () => {
    const center = await bareCenter();
    const wrong = async () => (await center.setUp({ code: 'wrong-wrong-wrong' })).status;
    expect(await center.setUp({ code: 'wrong-wrong-wrong' })).toMatchObject({ status: 403, body: { code: 'setup.code-wrong' } });
    for (let tries = 0; tries < 4; tries++) expect(await wrong()).toBe(403);
    const limited = await center.setUp();
    expect(limited).toMatchObject({ status: 429, body: { code: 'auth.rate-limited' } });
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await center.ask('/api/v1/setup')).toMatchObject({ body: { needed: true } });
  });

  it('is done once: the code is dead afterwards, right or wrong', async () => {
    const center = await bareCenter();
    await center.setUp();
    expect(await center.setUp()).toMatchObject({ status: 409, body: { code: 'setup.done' } });
    expect(await center.setUp({ code: 'wrong-wrong-wrong' })).toMatchObject({ status: 409 });
  });

  it('ends with its day', () => {
    const clock = { at: 0, monotonic: () => clock.at };
    const code = new SetUpCode(CODE, clock);
    clock.at = SETUP_CODE_LIFE_MS - 1;
    expect(code.isExpired).toBe(false);
    clock.at = SETUP_CODE_LIFE_MS;
    expect(code.isExpired).toBe(true);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a password that is tried first', { administrator: { ...administrator, password: 'password1234' } }, ['administrator.password password-weak']],
    ['an account with a space', { administrator: { ...administrator, account: 'the boss' } }, ['administrator.account invalid']],
    ['a zone there is not', { timeZone: 'Asia/Pyeongchang' }, ['timeZone invalid']],
    ['no company', { company: ' ' }, ['company invalid']],
    ['a part that there is not', { owner: 'x' }, ['owner invalid']],
    ['two people with one account, whatever its case', { people: [{ name: '가', account: 'same' }, { name: '나', account: 'SAME' }] }, ['people.1.account taken']],
    ['the account of the administrator', { people: [{ name: '가', account: 'Boss' }] }, ['people.0.account taken']],
    ['an extension twice, and one that is none', { people: [{ name: '가', extension: '1001' }, { name: '나', extension: '1001' }, { name: '다', extension: 'x' }] }, ['people.1.extension taken', 'people.2.extension invalid']],
    ['emergency and service numbers as extensions', { people: [{ name: '가', extension: '112' }, { name: '나', extension: '119' }, { name: '다', extension: '120' }, { name: '라', extension: '02119' }] }, ['people.0.extension invalid', 'people.1.extension invalid', 'people.2.extension invalid', 'people.3.extension invalid']],
    ['a cell that a spreadsheet would compute', { people: [{ name: '=HYPERLINK("http://evil.example")' }, { name: '나', account: '@sum' }] }, ['people.0.name formula', 'people.1.account formula']],
    ['a group there is not', { people: [{ name: '가', groups: ['없음'] }], numbers: [{ number: '1588-0000', group: '없음' }] }, ['people.0.groups unknown', 'numbers.0.group unknown']],
    ['what is no number, and one twice', { numbers: [{ number: 'x' }, { number: '1588-0000' }, { number: '15880000' }] }, ['numbers.0.number not-a-number', 'numbers.2.number taken']],
    ['two groups of one name', { groups: [{ name: 'A' }, { name: 'a' }], people: [], numbers: [] }, ['groups.1.name taken']],
    ['two groups of one name, composed in two ways', { groups: [{ name: '주문' }, { name: '주문'.normalize('NFD') }], people: [], numbers: [] }, ['groups.1.name taken']],
    ['hours that overlap, over midnight too', { groups: [{ name: '주문', hours: [{ weekday: 6, fromMinute: 1320, toMinute: 120 }, { weekday: 0, fromMinute: 60, toMinute: 600 }] }], people: [], numbers: [] }, ['groups.0.hours overlaps']],
    ['everybody’s hours that overlap', { hours: [{ weekday: 1, fromMinute: 0, toMinute: 600 }, { weekday: 1, fromMinute: 540, toMinute: 700 }], groups: [{ name: '주문' }], people: [], numbers: [] }, ['hours overlaps']],
  ])('names %s, and keeps nothing', async (_what, asked, fields) => {
    const center = await bareCenter();
    const answer = await center.setUp(asked);
    expect([answer.status, wrongFields(answer.body)]).toEqual([422, fields]);
    expect(await center.ask('/api/v1/setup')).toMatchObject({ body: { needed: true } });
    expect((await center.setUp()).status).toBe(201);
  });

  it('takes no more people than it can make at once', async () => {
    const center = await bareCenter();
    const people = Array.from({ length: 10_000 }, (_, index) => ({ name: `n${index}` }));
    expect(await center.setUp({ people })).toMatchObject({ status: 413, body: { code: 'input.too-large' } });
    expect(await center.ask('/api/v1/setup')).toMatchObject({ body: { needed: true } });
  });

  it('is not for the demo, nor is the demo for it', async () => {
    const dataFolder = await demoDataFolder();
    const demo = await startServer({ host: '127.0.0.1', port: 0, dataFolder, demo: true, setUpCode: CODE });
    const answer = await fetch(`${demo.origin}/api/v1/setup`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code: CODE, ...office }) });
    expect(answer.status).toBe(409);
    await demo.stop();
    await expect(startServer({ host: '127.0.0.1', port: 0, dataFolder, demo: false, ownCenter: true })).rejects.toThrow(/holds the demo.*SANGDAM_DATA/);
    expect(readOwnSettings({ SANGDAM_DEMO: '1' })).toMatchObject({ ok: false, error: { message: expect.stringContaining('never the demo') } });
    expect(readOwnSettings({ SANGDAM_DEMO_BEYOND_LOOPBACK: '1' }).ok).toBe(false);
    expect(readOwnSettings({ SANGDAM_DEMO: '0' })).toMatchObject({ ok: true, value: { demo: false, setUpCode: null } });
  });

  it.each(['too-short', '------------', 'abcd - efgh - i', 'a-b-c-d-e-f-g', 'aaaaaaaaaaaaaaaa', '1212-1212-1212-1212'])('is not begun with the chosen code %s: what does not count when it is typed counts for nothing', (code) => {
    expect(readOwnSettings({ SANGDAM_SETUP_CODE: code })).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_SETUP_CODE') } });
  });

  it('is begun with a chosen code that is long enough', () => {
    for (const code of [CODE, 'choose-your-own-words', '가나다라-마바사아-자차카타']) expect(readOwnSettings({ SANGDAM_SETUP_CODE: code })).toMatchObject({ ok: true, value: { setUpCode: code } });
  });

  it('prints a code that was made up, and not one that was chosen', () => {
    const code = makeSetUpCode();
    expect(setUpWords('https://desk.example', code)).toContain(code);
    expect(setUpWords('https://desk.example', null)).toContain('SANGDAM_SETUP_CODE');
  });
});

describe('an invitation', () => {
  /** A center that is set up, and the token of its first person. */
  async function invited(limits: ServerOptions['limits'] = {}) {
    const center = await bareCenter({ limits });
    const [person] = FirstOfficeMade.parse((await center.setUp()).body).people;
    const token = person?.invitation.path.split('#')[1] ?? '';
    const asAdmin = { authorization: `Bearer ${(await center.signIn('boss')).value?.accessToken ?? ''}` };
    return { ...center, token, asAdmin };
  }
  const ownPassword = 'marble seventeen clouds';

  it('says whose it is, and lets its person choose a password, once', async () => {
    const { ask, token, signIn } = await invited();
    expect(await ask('/api/v1/invitations/look', { token })).toMatchObject({ status: 200, body: { account: 'agent1001', name: '상담원 하나', company: '한빛 상사' } });
    expect(await ask('/api/v1/invitations/use', { token, password: 'agent1001agent' })).toMatchObject({ status: 400, body: { code: 'auth.password-weak' } });
    expect(await ask('/api/v1/invitations/use', { token, password: ownPassword })).toMatchObject({ status: 200, body: { account: 'agent1001' } });
    expect((await signIn('agent1001', ownPassword)).ok).toBe(true);
    expect(await ask('/api/v1/invitations/look', { token })).toMatchObject({ status: 410, body: { code: 'invitation.used' } });
    expect(await ask('/api/v1/invitations/use', { token, password: ownPassword })).toMatchObject({ status: 410, body: { code: 'invitation.used' } });
  });

  it('of two at one moment is used by one', async () => {
    const { ask, token, signIn } = await invited();
    const answers = await Promise.all([ask('/api/v1/invitations/use', { token, password: ownPassword }), ask('/api/v1/invitations/use', { token, password: `${ownPassword} too` })]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410]);
    const [first] = answers;
    expect((await signIn('agent1001', first?.status === 200 ? ownPassword : `${ownPassword} too`)).ok).toBe(true);
  });

  it('gives way to a newer one, and to a password from elsewhere', async () => {
    const { ask, token, asAdmin } = await invited();
    const again = await ask('/api/v1/accounts/agent1001/invitation', {}, asAdmin);
    expect(again).toMatchObject({ status: 201, body: { path: expect.stringMatching(/^\/invitation#/) } });
    expect(await ask('/api/v1/invitations/look', { token })).toMatchObject({ status: 410, body: { code: 'invitation.used' } });
    const newer = z.object({ path: z.string() }).parse(again.body).path.split('#')[1];
    expect((await ask('/api/v1/invitations/look', { token: newer })).status).toBe(200);
    await ask('/api/v1/accounts/agent1001/temporary-password', {}, asAdmin);
    expect(await ask('/api/v1/invitations/look', { token: newer })).toMatchObject({ status: 410, body: { code: 'invitation.used' } });
  });

  it('ends when its person is shut out, and opens nothing when they are let in again', async () => {
    const { ask, token, asAdmin, signIn } = await invited();
    await ask('/api/v1/accounts/agent1001/disable', {}, asAdmin);
    expect(await ask('/api/v1/invitations/look', { token })).toMatchObject({ status: 403, body: { code: 'auth.disabled' } });
    await ask('/api/v1/accounts/agent1001/enable', {}, asAdmin);
    expect(await ask('/api/v1/invitations/look', { token })).toMatchObject({ status: 410, body: { code: 'invitation.used' } });
    expect(await ask('/api/v1/invitations/use', { token, password: ownPassword })).toMatchObject({ status: 410, body: { code: 'invitation.used' } });
    expect((await signIn('agent1001', ownPassword)).error?.code).toBe('auth.invalid');
    const again = await ask('/api/v1/accounts/agent1001/invitation', {}, asAdmin);
    expect((await ask('/api/v1/invitations/use', { token: z.object({ path: z.string() }).parse(again.body).path.split('#')[1], password: ownPassword })).status).toBe(200);
  });

  it('ends with its person: whoever has that account afterwards has a link of their own', async () => {
    const { ask, token, asAdmin, listed } = await invited();
    const person = await ask('/api/v1/configuration/person', undefined, asAdmin);
    const present = z.object({ objects: z.array(z.object({ id: z.string(), version: z.string() })) }).parse(person.body).objects.find(({ id }) => id === 'agent1001');
    expect((await ask('/api/v1/configuration/changes', { changes: [{ kind: 'person', id: 'agent1001', version: present?.version, value: null }] }, asAdmin)).status).toBe(200);
    expect((await listed('person')).map(({ id }) => id)).not.toContain('agent1001');
    expect((await ask('/api/v1/people', { people: [{ account: 'agent1001', name: '상담원 셋', role: 'agent', extension: '1001', memberships: [] }] }, asAdmin)).status).toBe(201);
    expect((await ask('/api/v1/invitations/use', { token, password: ownPassword })).status).toBe(404);
  });

  it('that is right has its answer whatever was tried with wrong ones beside it', async () => {
    const { ask, token } = await invited({ strangers: { count: 3, perS: 600 } });
    const looks = async (one: string) => (await ask('/api/v1/invitations/look', { token: one })).status;
    for (let turn = 0; turn < 5; turn++) expect([await looks(token), (await ask('/api/v1/setup')).status]).toEqual([200, 200]);
    expect([await looks('x'), await looks('x'), (await ask('/api/v1/invitations/look', {})).status, await looks('x'), (await ask('/api/v1/invitations/look', {})).status]).toEqual([404, 404, 400, 429, 429]);
    expect([await looks(token), (await ask('/api/v1/setup')).status]).toEqual([200, 200]);
    expect((await ask('/api/v1/invitations/use', { token, password: ownPassword })).status).toBe(200);
  });

  it('failure: asked for over and over, one link is held to its own count', async () => {
    const { ask, token } = await invited({ guests: { count: 2, perS: 600 } });
    const weak = async () => (await ask('/api/v1/invitations/use', { token, password: 'agent1001agent' })).status;
    expect([await weak(), await weak(), await weak(), (await ask('/api/v1/invitations/look', { token })).status]).toEqual([400, 400, 429, 429]);
  });

  it('failure: one that is none, or whose person is shut out, opens nothing', async () => {
    const { ask, token, asAdmin } = await invited();
    expect(await ask('/api/v1/invitations/look', { token: 'not-one-of-ours' })).toMatchObject({ status: 404, body: { code: 'invitation.unknown' } });
    await ask('/api/v1/accounts/agent1001/disable', {}, asAdmin);
    expect(await ask('/api/v1/invitations/use', { token, password: ownPassword })).toMatchObject({ status: 403, body: { code: 'auth.disabled' } });
  });

  it('failure: is made for nobody whose extension is an emergency or service number, or whose name has half of a character', async () => {
    const { ask, asAdmin } = await invited();
    const person = { account: 'new1', name: '상담원', role: 'agent', extension: '3001', memberships: [] };
    for (const bad of [{ extension: '112' }, { extension: '119' }, { extension: '114' }, { extension: '02112' }, { name: '\ud800' }, { name: '상담원 \udfff' }]) {
      expect([bad, (await ask('/api/v1/people', { people: [{ ...person, ...bad }] }, asAdmin)).status]).toEqual([bad, 400]);
      expect([bad, (await ask('/api/v1/configuration/changes', { changes: [{ kind: 'person', id: 'new1', version: null, value: { ...person, ...bad } }] }, asAdmin)).status]).toEqual([bad, 400]);
    }
    expect((await ask('/api/v1/configuration/changes', { changes: [{ kind: 'phone', id: 'lobby', version: null, value: { kind: 'desk', displayName: '로비', number: '119' } }] }, asAdmin)).status).toBe(400);
    expect((await ask('/api/v1/people', { people: [person] }, asAdmin)).status).toBe(201);
  });

  it('comes with people who are set up later, all of them or none', async () => {
    const { ask, asAdmin, signIn } = await invited();
    const person = (account: string, extension: string) => ({ account, name: account, role: 'agent', extension, memberships: [] });
    expect(await ask('/api/v1/people', { people: [person('new1', '3001'), person('new2', '2002')] }, asAdmin)).toMatchObject({ status: 422, body: { code: 'configuration.invalid', present: [{ id: 'new2', field: 'extension', code: 'taken', other: 'person duri' }] } });
    expect((await signIn('new1', 'anything at all')).error?.code).toBe('auth.invalid');
    const made = await ask('/api/v1/people', { people: [person('new1', '3001'), person('new2', '3002')] }, asAdmin);
    expect(made).toMatchObject({ status: 201, body: [{ account: 'new1' }, { account: 'new2' }] });
    const [first] = z.array(z.object({ invitation: z.object({ path: z.string() }) })).parse(made.body);
    expect(await ask('/api/v1/invitations/use', { token: first?.invitation.path.split('#')[1], password: ownPassword })).toMatchObject({ status: 200 });
  });
});
