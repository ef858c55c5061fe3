import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../agent/index.ts';
import { AgentId } from '../../../contract/ids.ts';
import { loadCacheKey, openVault, type SecretStore, type Vault } from '../../../electron/main/secrets.ts';
import { keepSignIns } from '../../../electron/main/sign-ins.ts';
import { temporaryFolder } from '../store/support.ts';

describe('secrets are sealed by the system, or kept in memory', () => {
  it('a secret is sealed in its file, and opened again by the next run', async () => {
    const folder = await temporaryFolder();
    await (await open(folder)).write('sign-in', 'a refresh token');
    expect((await readFile(join(folder, 'sign-in.sealed'))).includes('refresh')).toBe(false);
    expect(await (await open(folder)).read('sign-in')).toBe('a refresh token');
  });

  it('writes come one after the other, the last one stays', async () => {
    const folder = await temporaryFolder();
    const vault = await open(folder);
    await Promise.all(['1', '2', '3', '4', '5'].map((secret) => vault.write('sign-in', secret)));
    expect(await vault.read('sign-in')).toBe('5');
    expect(await readdir(folder)).toEqual(['sign-in.sealed']);
  });

  it('a removed one is gone from the disk', async () => {
    const folder = await temporaryFolder();
    const vault = await open(folder);
    await vault.write('sign-in', 'secret');
    await vault.remove('sign-in');
    expect(await vault.read('sign-in')).toBeNull();
    expect(await readdir(folder)).toEqual([]);
  });

  it('one that the system wants sealed anew is sealed anew', async () => {
    const folder = await temporaryFolder();
    await (await open(folder)).write('sign-in', 'secret');
    const before = await readFile(join(folder, 'sign-in.sealed'));
    let turned = 0x0f;
    const moved = store({
      encryptStringAsync: (text) => Promise.resolve(turn(Buffer.from(text), turned)),
      decryptStringAsync: (sealed) => {
        const old = turn(sealed, 0xff).toString();
        return Promise.resolve(/^[\da-z ]*$/.test(old) ? { result: old, shouldReEncrypt: true } : { result: turn(sealed, turned).toString(), shouldReEncrypt: false });
      },
    });
    const vault = await openVault(moved, folder, 'linux', silentLogger);
    expect(await vault.read('sign-in')).toBe('secret');
    expect(await readFile(join(folder, 'sign-in.sealed'))).not.toEqual(before);
    expect(await vault.read('sign-in')).toBe('secret');
    turned = 0;
  });

  describe('failure: the secret store', () => {
    it.each([
      ['basic_text counts as none', { getSelectedStorageBackend: () => 'basic_text' }],
      ['an unknown backend counts as none', { getSelectedStorageBackend: () => 'unknown' }],
      ['none is there', { isAsyncEncryptionAvailable: () => Promise.resolve(false) }],
      ['it cannot seal', { encryptStringAsync: () => Promise.reject(new Error('locked')) }],
      ['it cannot open what it sealed', { decryptStringAsync: () => Promise.reject(new Error('locked')) }],
      ['it opens something else', { decryptStringAsync: () => Promise.resolve({ result: 'else', shouldReEncrypt: false }) }],
      ['it does not answer properly', { isAsyncEncryptionAvailable: () => Promise.reject(new Error('no bus')) }],
    ] satisfies [string, Partial<SecretStore>][])('%s: secrets live in memory, nothing is written', async (_what, broken) => {
      const folder = await temporaryFolder();
      const vault = await openVault(store(broken), folder, 'linux', silentLogger);
      expect(vault.storage).toBe('memory');
      await vault.write('sign-in', 'secret');
      expect(await vault.read('sign-in')).toBe('secret');
      expect(await loadCacheKey(vault)).toBeNull();
      await vault.remove('sign-in');
      expect(await vault.read('sign-in')).toBeNull();
      expect(await readdir(folder)).toEqual([]);
    });

    it('the backend is a matter of Linux alone', async () => {
      const vault = await openVault(store({ getSelectedStorageBackend: () => 'unknown' }), await temporaryFolder(), 'win32', silentLogger);
      expect(vault.storage).toBe('sealed');
    });
  });

  describe("the customer cache's key", () => {
    it('is made once', async () => {
      const folder = await temporaryFolder();
      const key = await loadCacheKey(await open(folder));
      expect(key).toHaveLength(32);
      expect((await readFile(join(folder, 'cache-key.sealed'))).includes(key?.toString('hex') ?? '')).toBe(false);
      expect(await loadCacheKey(await open(folder))).toEqual(key);
    });

    it('failure: sealed by somebody else, it is replaced', async () => {
      const folder = await temporaryFolder();
      const before = await loadCacheKey(await open(folder));
      await writeFile(join(folder, 'cache-key.sealed'), 'not ours');
      const after = await loadCacheKey(await open(folder));
      expect(after).toHaveLength(32);
      expect(after).not.toEqual(before);
    });

    it('failure: where it cannot be kept there is none', async () => {
      const folder = join(await temporaryFolder(), 'a file');
      await writeFile(folder, '');
      expect(await loadCacheKey(await open(folder))).toBeNull();
    });
  });

  describe('a sign-in', () => {
    const signIn = {
      server: 'https://center.example.com',
      signedIn: {
        me: { agentId: AgentId.parse('a-1'), account: 'agent1', name: 'Agent', role: 'agent' as const, duties: [], kind: 'desk' as const, extension: '1001', groupIds: [] },
        accessToken: 'access',
        accessExpiresAt: 1,
        refreshToken: 'refresh',
        sip: { url: 'wss://center.example.com/sip', domain: 'sangdam', user: 'u', password: 'sip-secret', iceServers: [], rejoin: 'reinvite' as const },
      },
    };

    it('is kept whole, and forgotten', async () => {
      const keeper = keepSignIns(await open(await temporaryFolder()));
      await keeper.save(signIn);
      expect(await keeper.load()).toEqual(signIn);
      await keeper.forget();
      expect(await keeper.load()).toBeNull();
    });

    it.each(['', 'not json', '{}', '{"server":"javascript:1","signedIn":{}}'])('failure: "%s" is none', async (text) => {
      const vault = await open(await temporaryFolder());
      await vault.write('sign-in', text);
      expect(await keepSignIns(vault).load()).toBeNull();
    });
  });
});

const turn = (bytes: Buffer, by: number): Buffer => Buffer.from(bytes.map((byte) => byte ^ by));

const open = (folder: string): Promise<Vault> => openVault(store(), folder, 'linux', silentLogger);

/** Seals by turning the bits; refuses what it did not seal. */
function store(more: Partial<SecretStore> = {}): SecretStore {
  return {
    isAsyncEncryptionAvailable: () => Promise.resolve(true),
    encryptStringAsync: (text) => Promise.resolve(turn(Buffer.from(text), 0xff)),
    decryptStringAsync: (sealed) => (sealed.every((byte) => byte > 0x7f) ? Promise.resolve({ result: turn(sealed, 0xff).toString(), shouldReEncrypt: false }) : Promise.reject(new Error('not ours'))),
    getSelectedStorageBackend: () => 'gnome_libsecret',
    ...more,
  };
}
