import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AsteriskConfig } from '../../scripts/asterisk/config.ts';
import { installAsterisk } from '../../scripts/asterisk/install.ts';
import { removeInstance, startInstance, type RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import type { AsteriskNodeSettings, SwitchSettings } from '../../server/switch-settings.ts';

const announcements = join(import.meta.dirname, '../../resources/announcements');

/** A real Asterisk of its own on free loopback ports. @throws in plain words where this machine cannot have one */
export async function startAsterisk(config: Partial<AsteriskConfig> & { files?: Record<string, string> } = {}): Promise<RunningAsterisk> {
  const installed = await installAsterisk();
  if (!installed.ok) throw new Error(installed.why);
  const folder = await mkdtemp(join(tmpdir(), 'sangdam-asterisk-'));
  const { files = {}, ...rest } = config;
  return startInstance(installed.asterisk, { folder, files, config: { soundsFolder: announcements, ariPassword: 'test-password', ...rest } });
}

export async function endAsterisk(asterisk: RunningAsterisk): Promise<void> {
  await asterisk.stop();
  await removeInstance(asterisk.folder);
}

/** What the server is told to use it. */
export const switchOn = (asterisk: RunningAsterisk | readonly [RunningAsterisk, ...RunningAsterisk[]], more: Partial<Extract<SwitchSettings, { kind: 'asterisk' }>> = {}): SwitchSettings => {
  const [first, ...others] = 'folder' in asterisk ? ([asterisk] as const) : asterisk;
  return { kind: 'asterisk', nodes: [settingsOf(first), ...others.map(settingsOf)], soundsFolder: first.config.soundsFolder, playingFolder: null, trunk: null, codecs: 'alaw,ulaw,opus', phoneTransfers: 'auto', ...more };
};

const settingsOf = ({ ariUrl, sipUrl, config }: RunningAsterisk): AsteriskNodeSettings => ({ ariUrl, sipUrl, user: config.ariUser, password: config.ariPassword });
