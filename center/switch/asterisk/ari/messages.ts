import { z } from 'zod';

/*
 * As much of what Asterisk 22 sends as the engine uses, in the names of its own API description
 * (rest-api/events.json). Everything else is dropped before it costs anything.
 */

export const AriChannel = z.object({
  id: z.string(),
  /** `PJSIP/ENDPOINT-0000002a` */
  name: z.string(),
  state: z.string(),
  caller: z.object({ name: z.string(), number: z.string() }),
  connected: z.object({ name: z.string(), number: z.string() }),
  dialplan: z.object({ context: z.string(), exten: z.string(), app_name: z.string().default(''), app_data: z.string().default('') }),
});
export type AriChannel = z.infer<typeof AriChannel>;

export const AriBridge = z.object({ id: z.string(), name: z.string().default(''), creator: z.string().default(''), channels: z.array(z.string()) });
export type AriBridge = z.infer<typeof AriBridge>;

const withChannel = { channel: AriChannel };
const named = z.object({ id: z.string() });

export const AriEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('StasisStart'), args: z.array(z.string()), ...withChannel }),
  z.object({ type: z.literal('StasisEnd'), ...withChannel }),
  z.object({ type: z.literal('ChannelStateChange'), ...withChannel }),
  z.object({ type: z.literal('ChannelEnteredBridge'), bridge: AriBridge, ...withChannel }),
  z.object({ type: z.literal('Dial'), dialstatus: z.string(), peer: AriChannel }),
  z.object({ type: z.literal('ChannelHangupRequest'), cause: z.number().default(16), ...withChannel }),
  z.object({ type: z.literal('ChannelDestroyed'), cause: z.number(), tech_cause: z.number().optional(), ...withChannel }),
  z.object({ type: z.literal('ChannelDtmfReceived'), digit: z.string(), ...withChannel }),
  z.object({ type: z.literal('ChannelHold'), musicclass: z.string().default(''), ...withChannel }),
  z.object({ type: z.literal('ChannelUnhold'), ...withChannel }),
  z.object({
    type: z.literal('ChannelTransfer'),
    // There in the echo of an outcome that we told, and nowhere else.
    state: z.string().optional(),
    refer_to: z.object({ requested_destination: z.object({ destination: z.string() }).optional(), destination_channel: named.optional() }),
    referred_by: z.object({ source_channel: named }),
  }),
  z.object({ type: z.literal('PlaybackStarted'), playback: named }),
  z.object({ type: z.literal('PlaybackFinished'), playback: z.object({ id: z.string(), state: z.string() }) }),
  z.object({ type: z.literal('RecordingStarted'), recording: z.object({ name: z.string() }) }),
  z.object({ type: z.literal('RecordingFinished'), recording: z.object({ name: z.string() }) }),
  z.object({ type: z.literal('RecordingFailed'), recording: z.object({ name: z.string(), cause: z.string().optional() }) }),
  z.object({
    type: z.literal('ContactStatusChange'),
    endpoint: z.object({ technology: z.string(), resource: z.string() }),
    contact_info: z.object({ uri: z.string(), contact_status: z.string(), aor: z.string() }),
  }),
  z.object({ type: z.literal('ApplicationReplaced') }),
]);
export type AriEvent = z.infer<typeof AriEvent>;

/** Names of the events above: what is not among them is not even parsed. */
export const wantedEvents: ReadonlySet<string> = new Set(AriEvent.options.map((option) => option.shape.type.value));

/** What is told of calls: all but who registers. */
export const callEvents: readonly string[] = [...wantedEvents].filter((type) => type !== 'ContactStatusChange');

export const RestResponse = z.object({
  type: z.literal('RESTResponse'),
  transaction_id: z.string(),
  status_code: z.number(),
  reason_phrase: z.string().default(''),
  message_body: z.string().optional(),
});

/** Body of an error answer. */
export const AriError = z.object({ message: z.string() });
export const AsteriskStatus = z.object({ status: z.object({ startup_time: z.string() }), system: z.object({ version: z.string() }) });
export const AriEndpoint = z.object({ technology: z.string(), resource: z.string(), state: z.string().optional() });
/** Packets of a channel, as far as Asterisk has RTP for it. */
export const AriRtpStatistics = z.object({ rxcount: z.number(), txcount: z.number() });
export type AriRtpStatistics = z.infer<typeof AriRtpStatistics>;
export const AriVariable = z.object({ value: z.string() });
export const AriFields = z.array(z.object({ attribute: z.string(), value: z.string() }));
