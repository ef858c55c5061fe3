import { z } from 'zod';

export const MicrophoneState = z.enum(['unknown', 'ok', 'denied', 'missing']);
export type MicrophoneState = z.infer<typeof MicrophoneState>;
