import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AgentId } from '../../../contract/ids.ts';
import { iceServersFor, noIce } from '../../../server/ice-settings.ts';
import { readSettings } from '../../../server/settings.ts';

const agentId = AgentId.parse('agent1');
const turn = { SANGDAM_ICE_SERVERS: 'stun:turn.example:3478, turn:turn.example:3478?transport=udp,turns:turn.example:5349?transport=tcp' };

describe('STUN and TURN', () => {
  it('are none unless told', () => {
    expect(readSettings({})).toMatchObject({ value: { ice: noIce } });
    expect(iceServersFor(noIce, agentId, 0)).toEqual([]);
  });

  it('are read from the environment, the secret also from a file', async () => {
    const urls = ['stun:turn.example:3478', 'turn:turn.example:3478?transport=udp', 'turns:turn.example:5349?transport=tcp'];
    expect(readSettings({ ...turn, SANGDAM_TURN_SECRET: 'shared' })).toMatchObject({ value: { ice: { urls, secret: 'shared' } } });
    const folder = await mkdtemp(join(tmpdir(), 'sangdam-ice-'));
    const file = join(folder, 'secret');
    await writeFile(file, 'from-a-file\n');
    expect(readSettings({ ...turn, SANGDAM_TURN_SECRET_FILE: file })).toMatchObject({ value: { ice: { secret: 'from-a-file' } } });
    await rm(folder, { recursive: true });
    expect(readSettings({ SANGDAM_ICE_SERVERS: 'stun:stun.example' })).toMatchObject({ value: { ice: { urls: ['stun:stun.example'], secret: null } } });
  });

  it('come with a credential for this person that runs out after eight hours', () => {
    // As `echo -n 1700028800:agent1 | openssl dgst -binary -sha1 -hmac shared | openssl base64` has it.
    expect(iceServersFor({ urls: ['stun:a', 'turn:a'], secret: 'shared' }, agentId, 1_700_000_000_000)).toEqual([
      { urls: 'stun:a' },
      { urls: 'turn:a', username: '1700028800:agent1', credential: 'd4qzadOZU1KEW/4JYPsYh3unt1c=' },
    ]);
  });

  describe('failure: settings', () => {
    it.each(['turn.example', 'http://turn.example', 'turn:', 'stun:a?transport=udp', 'turn:a?transport=sctp', 'turn:a b', 'turn:user@a'])('refuses %j, and names the variable', (url) => {
      expect(readSettings({ SANGDAM_ICE_SERVERS: url, SANGDAM_TURN_SECRET: 's' })).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_ICE_SERVERS') } });
    });

    it('wants a secret for TURN, and TURN for a secret', () => {
      expect(readSettings(turn)).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_TURN_SECRET') } });
      expect(readSettings({ ...turn, SANGDAM_TURN_SECRET_FILE: '/no/such/file' })).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_TURN_SECRET_FILE') } });
      expect(readSettings({ SANGDAM_TURN_SECRET: 's' })).toMatchObject({ ok: false, error: { message: expect.stringContaining('SANGDAM_ICE_SERVERS') } });
    });
  });
});
