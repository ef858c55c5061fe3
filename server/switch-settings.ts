import { z } from 'zod';
import { fail, ok, type Result } from '../contract/errors.ts';
import { secretOf } from './secret-setting.ts';

/** Which switch the center drives, and how it is reached. */
export type SwitchSettings =
  | { kind: 'embedded' }
  | {
      kind: 'asterisk';
      ariUrl: string;
      user: string;
      password: string;
      /** SIP over WebSocket for desks, as they reach it. */
      sipUrl: string;
      /** Folder of the announcements on Asterisk's machine; null: the same as on ours. */
      soundsFolder: string | null;
      /** PJSIP endpoint of the line to the outside, and how its carrier wants numbers; null: there is none. */
      trunk: { endpoint: string; format: 'national' | 'e164' } | null;
      codecs: string;
    };

export const switchEnvironment = {
  SANGDAM_SWITCH: z.enum(['embedded', 'asterisk']).default('embedded'),
  SANGDAM_ARI_URL: z.url({ protocol: /^https?$/ }).optional(),
  SANGDAM_ARI_USER: z.string().min(1).default('sangdam'),
  SANGDAM_ARI_PASSWORD: z.string().min(1).optional(),
  SANGDAM_ARI_PASSWORD_FILE: z.string().min(1).optional(),
  SANGDAM_SIP_URL: z.url({ protocol: /^wss?$/ }).optional(),
  SANGDAM_ASTERISK_SOUNDS: z.string().startsWith('/').optional(),
  SANGDAM_ASTERISK_TRUNK: z.string().regex(/^[\w.-]{1,64}$/).optional(),
  SANGDAM_ASTERISK_TRUNK_FORMAT: z.enum(['national', 'e164']).default('national'),
  SANGDAM_ASTERISK_CODECS: z.string().regex(/^[a-z0-9]+(,[a-z0-9]+)*$/).default('alaw,ulaw,opus'),
};

const Parsed = z.object(switchEnvironment);

/** The switch's part of the settings; `input.invalid` names the variable that is wrong or missing. */
export function switchSettings(environment: z.infer<typeof Parsed>): Result<SwitchSettings> {
  if (environment.SANGDAM_SWITCH === 'embedded') return ok({ kind: 'embedded' });
  const { SANGDAM_ARI_URL: url, SANGDAM_ASTERISK_TRUNK: trunk } = environment;
  if (url === undefined) return fail('input.invalid', 'SANGDAM_ARI_URL: needed with SANGDAM_SWITCH=asterisk, for example http://127.0.0.1:8088/ari');
  const password = passwordOf(environment);
  if (!password.ok) return password;
  const ariUrl = url.replace(/\/+$/, '');
  return ok({
    kind: 'asterisk',
    ariUrl,
    user: environment.SANGDAM_ARI_USER,
    password: password.value,
    sipUrl: environment.SANGDAM_SIP_URL ?? ariUrl.replace(/^http/, 'ws').replace(/\/ari$/, '/ws'),
    soundsFolder: environment.SANGDAM_ASTERISK_SOUNDS ?? null,
    trunk: trunk === undefined ? null : { endpoint: trunk, format: environment.SANGDAM_ASTERISK_TRUNK_FORMAT },
    codecs: environment.SANGDAM_ASTERISK_CODECS,
  });
}

function passwordOf({ SANGDAM_ARI_PASSWORD: password, SANGDAM_ARI_PASSWORD_FILE: file }: z.infer<typeof Parsed>): Result<string> {
  if (password === undefined && file === undefined) return fail('input.invalid', 'SANGDAM_ARI_PASSWORD: needed with SANGDAM_SWITCH=asterisk (or SANGDAM_ARI_PASSWORD_FILE, a file that holds it)');
  return secretOf('SANGDAM_ARI_PASSWORD', password, file);
}
