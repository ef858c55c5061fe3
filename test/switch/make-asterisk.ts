import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { createAsteriskSwitch, type AsteriskSwitchOptions } from '../../center/switch/asterisk/index.ts';
import { systemClock } from '../../server/clock.ts';
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { endAsterisk, startAsterisk } from '../support/asterisk.ts';
import type { LogLines } from './make-embedded.ts';
import type { Fixtures, SwitchUnderTest } from './stage.ts';

let starting: Promise<RunningAsterisk> | null = null;

/** The Asterisk of this test file, started when it is first asked for and ended with the file. */
export function testAsterisk(): Promise<RunningAsterisk> {
  starting ??= start();
  return starting;
}

async function start(): Promise<RunningAsterisk> {
  const sounds = await mkdtemp(join(tmpdir(), 'sangdam-sounds-'));
  return startAsterisk({ soundsFolder: join(sounds, 'announcements') });
}

afterAll(async () => {
  const running = await starting;
  starting = null;
  if (running === null) return;
  await endAsterisk(running);
  await rm(dirname(running.config.soundsFolder), { recursive: true, force: true });
});

export const accountOf = ({ ariUrl, config }: RunningAsterisk): AsteriskSwitchOptions['account'] => ({ url: ariUrl, user: config.ariUser, password: config.ariPassword });

/** Lets that Asterisk play what is in this folder. */
export async function linkSounds({ config }: RunningAsterisk, announcementsDir: string): Promise<void> {
  await rm(config.soundsFolder, { force: true });
  await symlink(announcementsDir, config.soundsFolder);
}

/** The Asterisk engine on the real Asterisk of this file; each test gets its own engine and its own sounds. */
export async function makeAsterisk({ announcementsDir, trunk, orphanGraceMs }: Fixtures, more: Partial<AsteriskSwitchOptions> = {}, log: LogLines = []): Promise<SwitchUnderTest> {
  const asterisk = await testAsterisk();
  const { soundsFolder } = asterisk.config;
  await linkSounds(asterisk, announcementsDir);
  const write = (fields: Record<string, unknown>, message: string): void => {
    log.push({ fields, message });
  };
  const port = createAsteriskSwitch({
    account: accountOf(asterisk),
    announcementsDir,
    soundsFolder,
    clock: systemClock,
    logger: { info: write, warn: write },
    trunk,
    orphanGraceMs,
    phoneTransfers: 'yes',
    playing: { folder: join(announcementsDir, 'playing'), seenAs: join(announcementsDir, 'playing') },
    ...more,
  });
  return { port, sipUrl: asterisk.sipUrl, dispose: async () => {} };
}
