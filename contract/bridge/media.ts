import { z } from 'zod';
import { IceServers } from '../cti/sign-in.ts';

/**
 * What the phone (in main or in the web shell) asks of the window that owns the audio.
 * `session` names one SIP session, `generation` one peer connection of it (a new one after a renderer
 * reload or an ICE restart), `request` one question; answers carry all three, so that late ones are dropped.
 */
export const MediaKey = z.object({
  session: z.string().min(1).max(128),
  generation: z.number().int().nonnegative(),
  request: z.number().int().nonnegative(),
});
export type MediaKey = z.infer<typeof MediaKey>;

export const MediaOperation = z.discriminatedUnion('type', [
  /** Make a local description: an offer, or an answer to `remoteOffer`. ICE gathering is capped at 1.5 s. */
  z.object({ type: z.literal('createOffer'), iceServers: IceServers, hold: z.boolean(), restartIce: z.boolean() }),
  z.object({ type: z.literal('createAnswer'), iceServers: IceServers, hold: z.boolean(), remoteOffer: z.string() }),
  z.object({ type: z.literal('applyAnswer'), sdp: z.string() }),
  z.object({ type: z.literal('rollback') }),
  z.object({ type: z.literal('setMuted'), muted: z.boolean() }),
  /** RFC 4733 through RTCDTMFSender. */
  z.object({ type: z.literal('sendDigits'), digits: z.string().regex(/^[0-9A-D#*,]{1,64}$/i), durationMs: z.number(), gapMs: z.number() }),
  z.object({ type: z.literal('close') }),
]);
export type MediaOperation = z.infer<typeof MediaOperation>;

export const MediaRequest = MediaKey.extend({ operation: MediaOperation });
export type MediaRequest = z.infer<typeof MediaRequest>;

export const MediaAnswer = MediaKey.extend({
  result: z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), sdp: z.string().nullable() }),
    z.object({ ok: z.literal(false), code: z.enum(['media.failed', 'media.denied']), message: z.string() }),
  ]),
});
export type MediaAnswer = z.infer<typeof MediaAnswer>;

/** The window's unasked report on a session's audio. */
export const MediaReport = z.object({
  session: z.string(),
  generation: z.number().int().nonnegative(),
  state: z.enum(['connecting', 'connected', 'disconnected', 'failed', 'closed']),
});
export type MediaReport = z.infer<typeof MediaReport>;

/** The peer connections a window still has when it takes the audio, as after a break in its line to the host; null for none. */
export const MediaClaim = z.strictObject({ open: z.array(MediaReport).max(16) }).nullable();
export type MediaClaim = z.infer<typeof MediaClaim>;
