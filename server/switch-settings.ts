import { z } from 'zod';
import { fail, ok, type Result } from '../contract/errors.ts';
import { secretOf } from './secret-setting.ts';

/** How one Asterisk is reached. */
export interface AsteriskNodeSettings {
  ariUrl: string;
  user: string;
  password: string;
  /** SIP over WebSocket for desks, as they reach it. */
  sipUrl: string;
}

/** Which switch the center drives, and how it is reached. */
export type SwitchSettings =
  | { kind: 'embedded' }
  | {
      kind: 'asterisk';
      /** One, or several that share the calls. */
      nodes: readonly [AsteriskNodeSettings, ...AsteriskNodeSettings[]];
      /** Folder of the announcements on Asterisk's machine; null: the same as on ours. */
      soundsFolder: string | null;
      /** Folder that the center and Asterisk see under one path, for objects while they are heard; null: one of the data folder. */
      playingFolder: string | null;
      /** PJSIP endpoint of the line to the outside, and how its carrier wants numbers; null: there is none. */
      trunk: { endpoint: string; format: 'national' | 'e164' } | null;
      codecs: string;
      /** Whether phones may transfer by their own keys (REFER); `auto`: where Asterisk survives every form of it. */
      phoneTransfers: 'auto' | 'yes' | 'no';
    };

/** Values with commas between them; each is checked. */
const listOf = <Item extends z.ZodType<string, string>>(item: Item) =>
  z.string().transform((text) => text.split(',').map((each) => each.trim())).pipe(z.array(item));

export const switchEnvironment = {
  SANGDAM_SWITCH: z.enum(['embedded', 'asterisk']).default('embedded'),
  SANGDAM_ARI_URL: listOf(z.url({ protocol: /^https?$/ })).optional(),
  SANGDAM_ARI_USER: z.string().min(1).default('sangdam'),
  SANGDAM_ARI_PASSWORD: z.string().min(1).optional(),
  SANGDAM_ARI_PASSWORD_FILE: z.string().min(1).optional(),
  SANGDAM_SIP_URL: listOf(z.url({ protocol: /^wss?$/ })).optional(),
  SANGDAM_ASTERISK_SOUNDS: z.string().startsWith('/').optional(),
  SANGDAM_ASTERISK_PLAYING: z.string().startsWith('/').optional(),
  SANGDAM_ASTERISK_TRUNK: z.string().regex(/^[\w.-]{1,64}$/).optional(),
  SANGDAM_ASTERISK_TRUNK_FORMAT: z.enum(['national', 'e164']).default('national'),
  SANGDAM_ASTERISK_CODECS: z.string().regex(/^[a-z0-9]+(,[a-z0-9]+)*$/).default('alaw,ulaw,opus'),
  SANGDAM_ASTERISK_PHONE_TRANSFERS: z.enum(['auto', 'yes', 'no']).default('auto'),
};

const Parsed = z.object(switchEnvironment);

/** The switch's part of the settings; `input.invalid` names the variable that is wrong or missing. */
export function switchSettings(environment: z.infer<typeof Parsed>): Result<SwitchSettings> {
  if (environment.SANGDAM_SWITCH === 'embedded') return ok({ kind: 'embedded' });
  const { SANGDAM_ASTERISK_TRUNK: trunk } = environment;
  const nodes = nodesOf(environment);
  if (!nodes.ok) return nodes;
  return ok({
    kind: 'asterisk',
    nodes: nodes.value,
    soundsFolder: environment.SANGDAM_ASTERISK_SOUNDS ?? null,
    playingFolder: environment.SANGDAM_ASTERISK_PLAYING ?? null,
    trunk: trunk === undefined ? null : { endpoint: trunk, format: environment.SANGDAM_ASTERISK_TRUNK_FORMAT },
    codecs: environment.SANGDAM_ASTERISK_CODECS,
    phoneTransfers: environment.SANGDAM_ASTERISK_PHONE_TRANSFERS,
  });
}

/** As many as SANGDAM_ARI_URL names. What the other variables say once holds for all of them. */
function nodesOf(environment: z.infer<typeof Parsed>): Result<Extract<SwitchSettings, { kind: 'asterisk' }>['nodes']> {
  const { SANGDAM_ARI_URL: urls = [], SANGDAM_ARI_USER: user, SANGDAM_SIP_URL: sipUrls } = environment;
  const ariUrls = urls.map((url) => url.replace(/\/+$/, ''));
  if (ariUrls.length === 0) return fail('input.invalid', 'SANGDAM_ARI_URL: needed with SANGDAM_SWITCH=asterisk, for example http://127.0.0.1:8088/ari');
  if (new Set(ariUrls).size < ariUrls.length) return fail('input.invalid', 'SANGDAM_ARI_URL: names one Asterisk twice');
  if (sipUrls !== undefined && sipUrls.length !== ariUrls.length) return fail('input.invalid', 'SANGDAM_SIP_URL: needs an address for each of SANGDAM_ARI_URL, in the same order');
  const users = eachOwn('SANGDAM_ARI_USER', ariUrls.length === 1 ? [user] : user.split(','), ariUrls.length);
  if (!users.ok) return users;
  const passwords = passwordsOf(environment, ariUrls.length);
  if (!passwords.ok) return passwords;
  const [first, ...others] = ariUrls.map((ariUrl, i) => ({
    ariUrl,
    user: users.value[i] ?? '',
    password: passwords.value[i] ?? '',
    sipUrl: sipUrls?.[i] ?? ariUrl.replace(/^http/, 'ws').replace(/\/ari$/, '/ws'),
  }));
  return first === undefined ? fail('input.invalid', 'SANGDAM_ARI_URL: needed') : ok([first, ...others]);
}

/** Said once for all, or for each. */
function eachOwn(name: string, values: readonly string[], count: number): Result<readonly string[]> {
  const [only, ...others] = values.map((value) => value.trim());
  if (only !== undefined && others.length === 0) return ok(Array.from({ length: count }, () => only));
  if (values.length === count && values.every((value) => value !== '')) return ok(values.map((value) => value.trim()));
  return fail('input.invalid', `${name}: says ${values.length}, and SANGDAM_ARI_URL ${count}: one for all, or one for each`);
}

/** A password that has a comma itself, where there are several Asterisks, goes into the file: there each has a line. */
function passwordsOf({ SANGDAM_ARI_PASSWORD: password, SANGDAM_ARI_PASSWORD_FILE: file }: z.infer<typeof Parsed>, count: number): Result<readonly string[]> {
  if (password === undefined && file === undefined) return fail('input.invalid', 'SANGDAM_ARI_PASSWORD: needed with SANGDAM_SWITCH=asterisk (or SANGDAM_ARI_PASSWORD_FILE, a file that holds it)');
  const secret = secretOf('SANGDAM_ARI_PASSWORD', password, file);
  if (!secret.ok || count === 1) return secret.ok ? ok([secret.value]) : secret;
  return password === undefined ? eachOwn('SANGDAM_ARI_PASSWORD_FILE', secret.value.split('\n'), count) : eachOwn('SANGDAM_ARI_PASSWORD', password.split(','), count);
}
