import { posix, win32 } from 'node:path';
import { z } from 'zod';
import { parseObject, pick, type Chosen } from './format.ts';

/** Machine-wide settings of an IT department: what holds until a person chooses otherwise, and what holds always. */
export interface Policy {
  defaults: Chosen;
  enforced: Chosen;
}

export const noPolicy: Policy = { defaults: {}, enforced: {} };

/**
 * Where the policy file lies: only an administrator may write there.
 * @param packaged false for a program run from its sources, which may be told of another file by `SANGDAM_POLICY`;
 *   what people are given cannot
 */
export function policyPath(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, packaged: boolean): string {
  const other = environment['SANGDAM_POLICY'];
  if (!packaged && other !== undefined && other !== '') return other;
  switch (platform) {
    case 'win32':
      return win32.join(environment['ProgramData'] ?? 'C:\\ProgramData', 'Sangdam', 'policy.json');
    case 'darwin':
      return '/Library/Application Support/Sangdam/policy.json';
    default:
      return posix.join('/etc', 'sangdam', 'policy.json');
  }
}

const PolicyFile = z.object({ defaults: z.record(z.string(), z.unknown()).default({}), enforced: z.record(z.string(), z.unknown()).default({}) });

/**
 * Reads a policy. What is not understood is left out and named, so that one typing error does not undo the rest.
 * @returns the names of what was left out: `defaults.theme`, or `file` where nothing could be read
 */
export function readPolicy(text: string): { policy: Policy; invalid: string[] } {
  const raw = parseObject(text);
  const file = PolicyFile.safeParse(raw);
  if (raw === null || !file.success) return { policy: noPolicy, invalid: ['file'] };
  const defaults = pick(file.data.defaults);
  const enforced = pick(file.data.enforced);
  const unknown = Object.keys(raw).filter((key) => key !== 'defaults' && key !== 'enforced');
  return {
    policy: { defaults: defaults.chosen, enforced: enforced.chosen },
    invalid: [...unknown, ...defaults.dropped.map((name) => `defaults.${name}`), ...enforced.dropped.map((name) => `enforced.${name}`)],
  };
}
