import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { requireNode } from '../node-version.ts';
import { ROOT } from '../run.ts';
import { asteriskFolder, installAsterisk } from './install.ts';
import { startInstance } from './instance.ts';
import { isAlive, withLock } from './lock.ts';

/*
 * npm run asterisk:up      installs Asterisk 22 into a folder where it is missing, starts one on loopback, and says how
 *                          the center finds it. Runs until `npm run asterisk:down`; a second `up` finds it running.
 */

const Running = z.object({ pid: z.number(), ariUrl: z.string(), sipUrl: z.string(), sipAddress: z.string(), user: z.string(), password: z.string() });
export type RunningInstance = z.infer<typeof Running>;

export const instanceFolder = (): string => join(ROOT, '.data/asterisk');
const stateFile = (): string => join(instanceFolder(), 'running.json');

/** The Asterisk that `up` started and that still runs, or null. */
export async function runningInstance(): Promise<RunningInstance | null> {
  const parsed = Running.safeParse(JSON.parse(await readFile(stateFile(), 'utf8').catch(() => 'null')));
  return parsed.success && isAlive(parsed.data.pid) ? parsed.data : null;
}

/** Starts one unless one runs. @returns why not, in words, where it cannot */
export async function up(): Promise<{ ok: true; instance: RunningInstance } | { ok: false; why: string }> {
  const installed = await installAsterisk();
  if (!installed.ok) return installed;
  await mkdir(instanceFolder(), { recursive: true });
  return withLock(join(instanceFolder(), 'up.lock'), async () => {
    const present = await runningInstance();
    if (present !== null) return { ok: true, instance: present };
    const password = randomBytes(16).toString('base64url');
    try {
      const started = await startInstance(installed.asterisk, {
        folder: instanceFolder(),
        detached: true,
        config: { httpPort: Number(process.env['SANGDAM_ASTERISK_HTTP_PORT'] ?? 8088), sipPort: Number(process.env['SANGDAM_ASTERISK_SIP_PORT'] ?? 5060), ariPassword: password, soundsFolder: join(ROOT, 'resources/announcements') },
      });
      const instance = { pid: started.pid, ariUrl: started.ariUrl, sipUrl: started.sipUrl, sipAddress: started.sipAddress, user: started.config.ariUser, password };
      await writeFile(stateFile(), JSON.stringify(instance), { mode: 0o600 });
      return { ok: true, instance };
    } catch (error) {
      return { ok: false, why: error instanceof Error ? error.message : String(error) };
    }
  });
}

/** Ends the one that runs. @returns whether there was one */
export async function down(): Promise<boolean> {
  const present = await runningInstance();
  await rm(stateFile(), { force: true });
  if (present === null) return false;
  process.kill(present.pid, 'SIGTERM');
  return true;
}

export const settingsFor = ({ ariUrl, user, password }: RunningInstance): Record<string, string> => ({
  SANGDAM_SWITCH: 'asterisk',
  SANGDAM_ARI_URL: ariUrl,
  SANGDAM_ARI_USER: user,
  SANGDAM_ARI_PASSWORD: password,
  // It is on loopback, where nobody reaches it who does not run here.
  SANGDAM_ASTERISK_PHONE_TRANSFERS: 'yes',
});

if (import.meta.main) {
  requireNode();
  const result = await up();
  if (!result.ok) {
    console.error(result.why);
    process.exit(1);
  }
  const { instance } = result;
  console.log(`
Asterisk runs (process ${instance.pid}, installed in ${asteriskFolder()}).

  ARI            ${instance.ariUrl}
  Phones         ${instance.sipUrl}
  Trunks, UDP    ${instance.sipAddress}
  Configuration  ${join(instanceFolder(), 'etc')}
  Log            ${join(instanceFolder(), 'log/messages')}

  npm run start:asterisk   starts the demo on it
  npm run asterisk:down    ends it`);
}
