import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { S3Settings } from '../center/media/index.ts';
import type { Role } from '../contract/permissions.ts';
import { fail, ok, type Result } from '../contract/errors.ts';
import { accessEnvironment, accessObjection, accessSettings, sipObjection, type AccessSettings } from './access-settings.ts';
import { databaseEnvironment, databaseSetting } from './database-setting.ts';
import { dataEnvironment, dataSettings, type DataSettings } from './data-settings.ts';
import { demoEnvironment, demoObjection } from './demo-settings.ts';
import { factorEnvironment } from './factor-settings.ts';
import { iceEnvironment, iceSettings, type IceSettings } from './ice-settings.ts';
import { mediaEnvironment, s3Setting } from './media-settings.ts';
import { setUpEnvironment } from './set-up-code.ts';
import { stopEnvironment } from './stop-settings.ts';
import { storeKeyEnvironment, storeKeySetting } from './store-key-setting.ts';
import { switchEnvironment, switchSettings, type SwitchSettings } from './switch-settings.ts';
import { webEnvironment, webSettings, type WebSettings } from './web-settings.ts';

/** What the environment may say (README: Settings of the process). */
export interface Settings {
  host: string;
  /** 0: the system chooses. */
  port: number;
  dataFolder: string;
  demo: boolean;
  demoBeyondLoopback: boolean;
  logLevel: string;
  /** How long calls that cannot outlive the process may go on when it is to stop. */
  drainMs: number;
  /** Address of the PostgreSQL server's database; null: the file in the data folder. */
  database: string | null;
  /** Of the file, and of what is sealed in either database; 32 bytes; null: the one in the data folder. */
  storeKey: Uint8Array | null;
  /** The S3-compatible store of sounds; null: a folder of the data folder. */
  s3: S3Settings | null;
  data: DataSettings;
  switch: SwitchSettings;
  ice: IceSettings;
  access: AccessSettings;
  web: WebSettings;
  /** Who must have a second factor. */
  secondFactorFor: readonly Role[];
  /** By which a center without an administrator is set up; null: one is made up at each start. */
  setUpCode: string | null;
}

const Environment = z.object({
  SANGDAM_HOST: z.string().min(1).default('127.0.0.1'),
  SANGDAM_PORT: z.coerce.number<string>().int().min(0).max(65_535).default(7400),
  SANGDAM_DATA: z.string().min(1).default('.data'),
  SANGDAM_LOG: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  ...databaseEnvironment,
  ...storeKeyEnvironment,
  ...mediaEnvironment,
  ...dataEnvironment,
  ...demoEnvironment,
  ...switchEnvironment,
  ...iceEnvironment,
  ...stopEnvironment,
  ...accessEnvironment,
  ...webEnvironment,
  ...factorEnvironment,
  ...setUpEnvironment,
});

/** Reads the environment; `input.invalid` names the variable that is wrong. */
export function readSettings(environment: NodeJS.ProcessEnv): Result<Settings> {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) return fail('input.invalid', parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  const chosen = switchSettings(parsed.data);
  if (!chosen.ok) return chosen;
  const ice = iceSettings(parsed.data);
  if (!ice.ok) return ice;
  const storeKey = storeKeySetting(parsed.data);
  if (!storeKey.ok) return storeKey;
  const database = databaseSetting(parsed.data);
  if (!database.ok) return database;
  const s3 = s3Setting(parsed.data);
  if (!s3.ok) return s3;
  const { SANGDAM_HOST: host, SANGDAM_PORT: port, SANGDAM_DATA, SANGDAM_LOG: logLevel, SANGDAM_DEMO: demo, SANGDAM_DEMO_BEYOND_LOOPBACK: demoBeyondLoopback, SANGDAM_STOP_DRAIN_S } = parsed.data;
  const access = accessSettings(parsed.data);
  if (!access.ok) return access;
  const objection = demoObjection({ demo, demoBeyondLoopback, host, switch: chosen.value }) ?? accessObjection(host, access.value) ?? sipObjection(chosen.value, parsed.data.SANGDAM_SIP_URL !== undefined, access.value);
  if (objection !== null) return fail('input.invalid', objection);
  return ok({ host, port, dataFolder: resolve(SANGDAM_DATA), demo, demoBeyondLoopback, logLevel, drainMs: SANGDAM_STOP_DRAIN_S * 1000, database: database.value, storeKey: storeKey.value, s3: s3.value, data: dataSettings(parsed.data), switch: chosen.value, ice: ice.value, access: access.value, web: webSettings(parsed.data), secondFactorFor: parsed.data.SANGDAM_SECOND_FACTOR, setUpCode: parsed.data.SANGDAM_SETUP_CODE ?? null });
}

/** The environment of a company's own center, which is never the demo. */
export function readOwnSettings(environment: NodeJS.ProcessEnv): Result<Settings> {
  const asked = ['SANGDAM_DEMO', 'SANGDAM_DEMO_BEYOND_LOOPBACK'].find((name) => !['0', undefined].includes(environment[name]));
  if (asked !== undefined) return fail('input.invalid', `${asked}: a company's own center (npm run serve) is never the demo. Leave it out, or start the demo by npm start`);
  return readSettings(environment);
}

/** The IPv4 address phones send audio to: the one we listen on, or this machine's first where that is all of them. */
export function mediaAddressFor(host: string): string {
  if (isIPv4(host) && host !== '0.0.0.0') return host;
  const first = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  return host === '0.0.0.0' || host === '::' ? (first?.address ?? '127.0.0.1') : '127.0.0.1';
}
