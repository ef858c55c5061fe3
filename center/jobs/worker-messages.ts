import { z } from 'zod';
import { CustomerId } from '../../contract/ids.ts';
import { MediaSettings } from '../media/index.ts';

/** What a center tells its worker. The first is `begin`; the key, or the password of a server, travels over this channel alone. */
export const ToWorker = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('begin'),
    /** The database: a file, or a server's address. */
    place: z.union([z.strictObject({ file: z.string() }), z.strictObject({ url: z.string() })]),
    /** Of the file, and of what is sealed beside either database: 32 bytes in hexadecimal; null: nothing is encrypted. */
    key: z.string().regex(/^[\da-f]{64}$/).nullable(),
    settings: z.object({ filesFolder: z.string(), media: MediaSettings, keepContactsDays: z.number().nullable(), keepEventsDays: z.number().nullable() }),
  }),
  z.object({ type: z.literal('stop') }),
]);
export type ToWorker = z.infer<typeof ToWorker>;

/** What a worker tells its center. `alive` comes every second: its event loop turns. */
export const FromWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('alive') }),
  z.object({ type: z.literal('customers.changed'), customerIds: z.array(CustomerId) }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warn', 'error']), fields: z.record(z.string(), z.unknown()), message: z.string() }),
]);
export type FromWorker = z.infer<typeof FromWorker>;

export const ALIVE_EVERY_MS = 1000;
