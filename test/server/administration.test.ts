import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { administer } from '../../server/administration.ts';
import { startServer } from '../../server/server.ts';
import { findAccount } from '../../center/store/accounts.ts';
import { createCredential, credentialsOf } from '../../center/store/credentials.ts';
import { startFamily, livingKind } from '../../center/store/sessions.ts';
import { AgentId } from '../../contract/ids.ts';
import { demoStore, NOW, temporaryFolder, temporaryStore, valueOf, type TemporaryStore } from '../unit/store/support.ts';

const OWN = '보라색 우산을 두 개 샀다';

const tell = ({ db }: TemporaryStore, line: string, input = '') => administer(line.split(' '), { db, now: NOW, input: Readable.from([input]), origin: '' });
const audited = async ({ db }: TemporaryStore) => (await db.selectFrom('audit').select(['action', 'subject']).orderBy('id').execute()).map(({ action, subject }) => `${action} ${subject}`);

/** The command as an operator runs it. */
async function program(args: string[], dataFolder: string) {
  const child = spawn('node', [join(import.meta.dirname, '../../scripts/sangdam.ts'), ...args], { env: { ...process.env, SANGDAM_DATA: dataFolder }, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [out, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, errors, code };
}

describe('the command line', () => {
  it('makes the first administrator, who has to choose a password of their own', async () => {
    const store = await temporaryStore();
    expect(valueOf(await tell(store, 'admin create boss'))).toMatch(/^boss is an administrator, without a telephone\.\nPassword, .*: [a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    expect(await findAccount(store.db, 'BOSS')).toMatchObject({ agentId: 'boss', role: 'admin', mustChange: true, disabledAt: null });
    expect((await store.records.configuration()).people).toMatchObject([{ account: 'boss', role: 'admin', extension: null }]);
    expect(await audited(store)).toEqual(['auth.account-created boss']);
  });

  it('takes a password from a file or from standard input', async () => {
    const store = await temporaryStore();
    const file = join(await temporaryFolder(), 'password');
    await writeFile(file, `${OWN}\n`);
    expect(valueOf(await tell(store, `admin create one --password-file ${file}`))).not.toContain(OWN);
    expect(await findAccount(store.db, 'one')).toMatchObject({ mustChange: false, passwordExpiresAt: null });
    expect((await tell(store, 'admin create two --password-file - --extension 2000', OWN)).ok).toBe(true);
    expect((await tell(store, 'admin create three --password-file -', 'qwerty123456')).ok).toBe(false);
  });

  it('resets a password, disables, enables, removes factors and signs out, and writes it down', async () => {
    const store = await demoStore();
    const family = () => startFamily(store.db, AgentId.parse('agent1'), { kind: 'desk', generation: 1 }, NOW);
    const first = await family();
    expect(valueOf(await tell(store, 'password reset agent1'))).toContain('Password');
    expect(await livingKind(store.db, first.familyId)).toBeNull();
    const second = await family();
    const { credential } = await createCredential(store.db, '1층', { kind: 'display', groupIds: [] }, null, { by: AgentId.parse('agent1'), address: '', at: NOW });
    valueOf(await tell(store, 'account disable agent1'));
    expect(await livingKind(store.db, second.familyId)).toBeNull();
    expect(await credentialsOf(store.db, 'display')).toEqual([{ ...credential, revokedAt: NOW }]);
    expect(valueOf(await tell(store, 'account list')).split('\n')).toContain('agent1, agent, disabled, has to change the password');
    valueOf(await tell(store, 'account enable agent1'));
    expect(await findAccount(store.db, 'agent1')).toMatchObject({ disabledAt: null, mustChange: true });
    valueOf(await tell(store, 'factor remove agent1'));
    const third = await family();
    valueOf(await tell(store, 'sign-out agent1'));
    expect(await livingKind(store.db, third.familyId)).toBeNull();
    expect(await audited(store)).toEqual(['auth.password-reset agent1', `displays.create ${credential.credentialId}`, `displays.revoke ${credential.credentialId}`, 'auth.account-disabled agent1', 'auth.account-enabled agent1', 'auth.factors-removed agent1', 'auth.signed-out-everywhere agent1']);
  });

  it('works on the data folder, and the center lets in whom it made', async () => {
    const dataFolder = await temporaryFolder();
    const made = await program(['admin', 'create', 'boss'], dataFolder);
    expect(made).toMatchObject({ code: 0, errors: '' });
    const password = made.out.trim().split(' ').at(-1);
    const server = await startServer({ host: '127.0.0.1', port: 0, dataFolder, demo: false });
    onTestFinished(() => server.stop());
    const answer = await fetch(`${server.origin}/api/auth/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account: 'boss', password, client: 'web' }) });
    expect(await answer.json()).toMatchObject({ ok: false, error: { code: 'auth.password-change-needed', step: { ticket: expect.any(String) } } });
    // And says what to do while it runs.
    expect(await program(['password', 'reset', 'boss'], dataFolder)).toMatchObject({ code: 1, errors: expect.stringContaining('stop it first') });
  }, 40_000);
});

describe('failure: a command line', () => {
  it.each(['', 'admin', 'admin create', 'admin create x', 'account disable nobody', 'password', 'account explode agent1', 'sign-out', '--what agent1', 'admin create agent1', 'admin create other --extension 1001', 'admin create other --extension 12x', 'admin create other --password-file /nowhere', '__proto__ agent1', 'constructor agent1'])('%j does nothing and says why', async (line) => {
    const store = await demoStore();
    expect(await tell(store, line)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    expect(await audited(store)).toEqual([]);
  });
});
