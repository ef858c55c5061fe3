import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSettings, type SessionView } from '../../../contract/bridge/index.ts';
import { emptyView } from '../../../agent/session-view.ts';
import { diagnosticBundle, type DiagnosticParts } from '../../../electron/main/diagnostics.ts';
import { logLine } from '../../../electron/main/log-line.ts';
import { createLogger } from '../../../electron/main/log.ts';
import { temporaryFolder } from '../store/support.ts';

/** What must be in no file that leaves the program. */
const SECRETS = [
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZ2VudDEifQ.c2lnbmF0dXJl',
  'hunter2hunter2',
  '010-1234-5678',
  '01012345678',
  '+821012345678',
  '02-123-4567',
  '1588-0000-1234',
];

const at = new Date('2026-01-02T03:04:05.678Z');

describe('a line of the log', () => {
  it('is JSON: when, how grave, what, and the fields', () => {
    expect(JSON.parse(logLine('info', { agentId: 'a-1', remaining: 7 }, 'signed in', at))).toEqual({ time: at.toISOString(), level: 'info', text: 'signed in', agentId: 'a-1', remaining: 7 });
  });

  it.each(SECRETS)('holds no %s, wherever it stands', (secret) => {
    const fields = {
      password: secret,
      refreshToken: secret,
      sip: `Authorization: Digest username="x", response="${secret}"`,
      inText: `number ${secret} called`,
      inUrl: `https://center.example.com/?token=${secret}`,
      deep: { list: [{ credential: secret }, `to ${secret}`] },
      error: new Error(`cannot dial ${secret}`),
      number: secret,
    };
    const text = secret === 'hunter2hunter2' ? 'a line' : `a line with ${secret}`;
    // A password is a word like any other: it is known by where it stands.
    const { inText, deep, error, ...named } = fields;
    expect(logLine('warn', secret === 'hunter2hunter2' ? named : { ...named, inText, deep, error }, text, at)).not.toContain(secret);
  });

  it('failure: what is cyclic, deep, endless or no text is cut, and nothing throws', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    expect(logLine('error', { cyclic, list: Array.from({ length: 1000 }, () => 1), long: 'x'.repeat(100_000), f: () => 1, big: 10n, bytes: new Uint8Array(5), nothing: undefined, nan: Number.NaN }, 'odd', at).length).toBeLessThan(4000);
  });
});

describe('the log', () => {
  it('rotates, keeps three former files, and tells its lines oldest first', async () => {
    const file = join(await temporaryFolder(), 'logs/desktop.log');
    const log = createLogger(file, { maxBytes: 2000 });
    for (let n = 0; n < 200; n++) log.child({ agentId: 'a-1' }).info({ n }, 'a line of the log');
    expect([1, 2, 3, 4].map((index) => existsSync(`${file}.${index}`))).toEqual([true, true, true, false]);
    expect((await stat(file)).size).toBeLessThan(2500);
    const numbers = log.lines().map((line) => (JSON.parse(line) as { n: number }).n);
    expect(numbers.at(-1)).toBe(199);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(log.lines().every((line) => line.includes('"agentId":"a-1"'))).toBe(true);
  });

  it('is for its user alone', async () => {
    const file = join(await temporaryFolder(), 'desktop.log');
    createLogger(file).info({}, 'a line');
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it('failure: where no file can be, the program goes on', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    const log = createLogger(join(folder, 'file/desktop.log'));
    log.error({}, 'a line');
    expect(log.lines()).toEqual([]);
  });
});

describe('a diagnostic bundle', () => {
  const person = { agentId: 'a-kim', account: 'kim.minsu', name: '김민수', role: 'agent', extension: '1001', groupIds: [] } as const;

  function parts(lines: string[]): DiagnosticParts {
    const view = {
      ...emptyView('desktop', { ...defaultSettings, microphoneId: 'device-0123456789abcdef' }),
      phase: 'signedIn',
      me: person,
      contacts: [{ contactId: 'contact-77', kind: 'inbound', number: '+821012345678', customerName: '박지훈', memo: '주소 변경', me: { state: 'talking' } }],
      card: { ...person },
    } as unknown as SessionView;
    return { view, lines, versions: { sangdam: '0.1.0' }, platform: 'linux', secrets: 'sealed', windows: 1, memory: process.memoryUsage(), uptimeSeconds: 12.4, at };
  }

  const log = (fields: object, text = 'a line'): string => logLine('info', fields, text, at);

  it('tells what an engineer needs', () => {
    const bundle = JSON.parse(diagnosticBundle(parts([log({ agentId: 'a-kim', code: 'center.unreachable' }, 'snapshot failed'), log({ agentId: 'a-kim', error: 'Error: ENOENT: no such file, /home/kim/x' }, 'settings could not be saved')]))) as Record<string, unknown>;
    expect(bundle).toMatchObject({
      made: at.toISOString(),
      versions: { sangdam: '0.1.0' },
      session: { phase: 'signedIn', signedInAs: 'agent', contacts: [{ kind: 'inbound', state: 'talking' }] },
      settings: { ownMicrophone: true, ownSpeaker: false },
      log: [
        { level: 'info', text: 'snapshot failed', agentId: 'agentId-1', code: 'center.unreachable' },
        { level: 'info', text: 'settings could not be saved', agentId: 'agentId-1', error: 'Error ENOENT' },
      ],
    });
  });

  it('holds no personal data, whatever is in the session and in the log', () => {
    const secrets = [...SECRETS, '김민수', '박지훈', '주소 변경', 'kim.minsu', 'a-kim', 'contact-77', '1001', 'device-0123456789abcdef', '/home/kim', 'C:\\Users\\kim', 'kim@example.com', 'center.kim-company.example', '192.168.17.23'];
    const lines = secrets.flatMap((secret) => [log({ [secret]: 1 }), log({ agentId: secret, contactId: secret, code: secret, error: `TypeError: ${secret}`, anything: secret, deep: { secret }, list: [secret] }), log({}, `says ${secret}`), secret, `{"broken ${secret}`]);
    const bundle = diagnosticBundle(parts(lines));
    expect(secrets.filter((secret) => bundle.includes(secret))).toEqual([]);
  });

  it('is of bounded length', () => {
    const bundle = diagnosticBundle(parts(Array.from({ length: 20_000 }, (_, n) => log({ n }, 'x'.repeat(1000)))));
    expect(bundle.length).toBeLessThan(3_000_000);
  });

  it('the file of the log itself holds none of the secrets either', async () => {
    const file = join(await temporaryFolder(), 'desktop.log');
    const logger = createLogger(file);
    for (const secret of SECRETS) logger.warn({ password: secret, token: secret }, 'refused');
    const text = await readFile(file, 'utf8');
    expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
  });
});
