import { z } from 'zod';
import { ConfigurationChange, ConfigurationKind, ConfigurationObject, ConfigurationProblem } from '../configuration.ts';
import type { Endpoint } from './endpoint.ts';

/** Of one request: more would keep the center from its calls for longer than a packet of audio takes. */
export const MOST_CONFIGURATION_CHANGES = 100;

export const configurationEndpoints = {
  'configuration.list': {
    method: 'GET',
    path: '/configuration/:kind',
    summary: 'What is set up of one kind, in its order, with versions. `next` is the cursor of the page after; null: that was all.',
    scope: 'configuration.read',
    request: z.strictObject({ kind: ConfigurationKind, cursor: z.number().int().min(-1).default(-1), limit: z.number().int().min(1).max(500).default(200) }),
    response: z.object({ objects: z.array(ConfigurationObject), next: z.number().int().nullable() }),
  },
  'configuration.change': {
    method: 'POST',
    path: '/configuration/changes',
    summary: 'Changes what is set up, all of it or none, while calls go on. A change says which version it was based on; where somebody else has changed it since, nothing is done, and `present` is what there is now. `dryRun`: says only what stands in the way.',
    scope: 'configuration.write',
    request: z.strictObject({ changes: z.array(ConfigurationChange).min(1).max(MOST_CONFIGURATION_CHANGES), dryRun: z.boolean().default(false) }),
    response: z.object({ objects: z.array(ConfigurationObject), problems: z.array(ConfigurationProblem) }),
    audited: { subject: null, by: 'store' },
  },
} as const satisfies Record<string, Endpoint>;
