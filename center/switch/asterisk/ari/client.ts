import { z } from 'zod';
import { fail, ok, type ErrorCode, type Result } from '../../../../contract/errors.ts';
import type { AriAnswer } from './connection.ts';
import type { AriLanes } from './lanes.ts';
import { AriBridge, AriChannel, AriEndpoint, AriError, AriFields, AriRtpStatistics, AriVariable, AsteriskStatus } from './messages.ts';

/** What a 404 means for a request: the thing it names is gone. */
type Gone = 'switch.channel-gone' | 'switch.bridge-gone' | 'not-found';

export interface Originate {
  endpoint: string;
  channelId: string;
  app: string;
  appArgs: string;
  callerId: string;
  /** Seconds; Asterisk's own deadline, behind the engine's. */
  timeout: number;
  variables: Record<string, string>;
}

/** Requests about Asterisk itself keep their order among each other. */
const ANY = '';

/** Sorcery object types the center writes. */
export type ObjectType = 'endpoint' | 'aor' | 'auth' | 'contact';

/**
 * ARI's requests by name, typed. A 404 or 409 is an outcome with a code, never an exception: between two commands a
 * channel may vanish. Parameters go in the body, so nothing a caller sent can become a part of a URI.
 */
export class AriClient {
  private readonly lanes: AriLanes;

  constructor(lanes: AriLanes) {
    this.lanes = lanes;
  }

  answer(id: string): Promise<Result<null>> {
    return this.channel('POST', id, '/answer');
  }

  ring(id: string): Promise<Result<null>> {
    return this.channel('POST', id, '/ring');
  }

  /** @param reasonCode Q.850 cause, which chooses the SIP status or the Reason header */
  hangUp(id: string, reasonCode: number): Promise<Result<null>> {
    return this.channel('DELETE', id, '', { reason_code: String(reasonCode) });
  }

  continueAt(id: string, context: string, extension: string): Promise<Result<null>> {
    return this.channel('POST', id, '/continue', { context, extension, priority: 1 });
  }

  originate({ channelId, ...request }: Originate): Promise<Result<null>> {
    return this.send(channelId, 'POST', `channels/${encodeURIComponent(channelId)}`, 'not-found', request);
  }

  startMusic(id: string, mohClass: string): Promise<Result<null>> {
    return this.channel('POST', id, '/moh', { mohClass });
  }

  stopMusic(id: string): Promise<Result<null>> {
    return this.channel('DELETE', id, '/moh');
  }

  startSilence(id: string): Promise<Result<null>> {
    return this.channel('POST', id, '/silence');
  }

  stopSilence(id: string): Promise<Result<null>> {
    return this.channel('DELETE', id, '/silence');
  }

  mute(id: string, direction: 'in' | 'out'): Promise<Result<null>> {
    return this.channel('POST', id, '/mute', { direction });
  }

  unmute(id: string, direction: 'in' | 'out'): Promise<Result<null>> {
    return this.channel('DELETE', id, '/mute', { direction });
  }

  sendDtmf(id: string, dtmf: string): Promise<Result<null>> {
    return this.channel('POST', id, '/dtmf', { dtmf, between: 60, duration: 100 });
  }

  play(id: string, playbackId: string, media: string[]): Promise<Result<null>> {
    return this.channel('POST', id, `/play/${encodeURIComponent(playbackId)}`, { media });
  }

  stopPlayback(id: string, playbackId: string): Promise<Result<null>> {
    return this.send(id, 'DELETE', `playbacks/${encodeURIComponent(playbackId)}`, 'not-found');
  }

  transferProgress(id: string, states: string): Promise<Result<null>> {
    return this.channel('POST', id, '/transfer_progress', { states });
  }

  /** How many packets of RTP have come and gone. */
  async rtpStatistics(id: string): Promise<Result<AriRtpStatistics>> {
    const answer = await this.lanes.request(id, 'GET', `channels/${encodeURIComponent(id)}/rtp_statistics`);
    const result = resultOf(answer, 'switch.channel-gone');
    if (!result.ok) return result;
    const parsed = AriRtpStatistics.safeParse(answer.body);
    return parsed.success ? ok(parsed.data) : fail('switch.failed', 'Asterisk has no RTP for this channel');
  }

  /** A dialplan function or variable of a channel; empty where it has none. */
  async channelVariable(id: string, variable: string): Promise<Result<string>> {
    const answer = await this.lanes.request(id, 'GET', `channels/${encodeURIComponent(id)}/variable?variable=${encodeURIComponent(variable)}`);
    return variableOf(answer, 'switch.channel-gone');
  }

  /**
   * Answers once Asterisk is through with every SIP message of this channel's dialog that it had begun with: what is read
   * of the dialog is read in the dialog's own queue (`CHANNEL(pjsip,…)` of func_channel waits for it).
   */
  async sipSettled(id: string): Promise<void> {
    await this.channelVariable(id, 'CHANNEL(pjsip,call-id)');
  }

  /** A channel of our application that is not dialled yet, and may never be. */
  createChannel(channelId: string, endpoint: string, app: string, appArgs: string, variables: Record<string, string> = {}): Promise<Result<null>> {
    return this.send(channelId, 'POST', 'channels/create', 'not-found', { channelId, endpoint, app, appArgs, variables });
  }

  /** Dials a created channel. @param timeout in seconds */
  dial(id: string, timeout: number): Promise<Result<null>> {
    return this.channel('POST', id, '/dial', { timeout });
  }

  /** 183 with a session description, to an incoming channel (from Asterisk 22.6 on). */
  progress(id: string): Promise<Result<null>> {
    return this.channel('POST', id, '/progress');
  }

  snoop(id: string, snoopId: string, options: { spy: 'in' | 'out' | 'both' | 'none'; whisper: 'in' | 'out' | 'both' | 'none'; app: string; appArgs: string }): Promise<Result<null>> {
    return this.channel('POST', id, `/snoop/${encodeURIComponent(snoopId)}`, options);
  }

  createBridge(id: string, name = 'sangdam'): Promise<Result<null>> {
    return this.bridge('POST', id, '', { type: 'mixing,dtmf_events', name });
  }

  destroyBridge(id: string): Promise<Result<null>> {
    return this.bridge('DELETE', id, '');
  }

  /** `switch.bridge-gone` or `switch.channel-gone`, by what Asterisk misses. */
  async addToBridge(bridgeId: string, channelId: string): Promise<Result<null>> {
    const answer = await this.lanes.request(channelId, 'POST', `bridges/${encodeURIComponent(bridgeId)}/addChannel`, { channel: channelId });
    // 400 names a channel that does not exist; 409 one that has left the application, or a bridge that has.
    if (answer.status === 400 || answer.status === 409 || answer.status === 422) return fail('switch.channel-gone', wordsOf(answer));
    return resultOf(answer, 'switch.bridge-gone');
  }

  async removeFromBridge(bridgeId: string, channelId: string): Promise<Result<null>> {
    return this.send(channelId, 'POST', `bridges/${encodeURIComponent(bridgeId)}/removeChannel`, 'switch.bridge-gone', { channel: channelId });
  }

  record(bridgeId: string, name: string): Promise<Result<null>> {
    return this.bridge('POST', bridgeId, '/record', { name, format: 'wav', ifExists: 'overwrite' });
  }

  /** @param maxSilenceSeconds 0: it goes on however long nobody speaks */
  recordChannel(channelId: string, name: string, options: { maxDurationSeconds: number; maxSilenceSeconds: number; terminateOn: 'none' | 'any' | '*' | '#' }): Promise<Result<null>> {
    return this.channel('POST', channelId, '/record', { name, format: 'wav', ifExists: 'overwrite', beep: false, ...options });
  }

  liveRecording(method: 'POST' | 'DELETE', name: string, action: 'pause' | 'stop'): Promise<Result<null>> {
    return this.send(name, method, `recordings/live/${encodeURIComponent(name)}/${action}`, 'not-found');
  }

  async hasLiveRecording(name: string): Promise<boolean> {
    return (await this.lanes.request(name, 'GET', `recordings/live/${encodeURIComponent(name)}`)).status === 200;
  }

  /** The bytes of a finished recording. */
  storedRecording(name: string): Promise<Response> {
    return this.lanes.fetch(`recordings/stored/${encodeURIComponent(name)}/file`);
  }

  /** Names of all finished recordings on Asterisk's disk. */
  async storedRecordings(): Promise<Result<string[]>> {
    const stored = await this.get('recordings/stored', z.array(z.object({ name: z.string() })));
    return stored.ok ? ok(stored.value.map(({ name }) => name)) : stored;
  }

  deleteStoredRecording(name: string): Promise<Result<null>> {
    return this.send(name, 'DELETE', `recordings/stored/${encodeURIComponent(name)}`, 'not-found');
  }

  channels(): Promise<Result<AriChannel[]>> {
    return this.get('channels', z.array(AriChannel));
  }

  bridges(): Promise<Result<AriBridge[]>> {
    return this.get('bridges', z.array(AriBridge));
  }

  endpoints(): Promise<Result<z.infer<typeof AriEndpoint>[]>> {
    return this.get('endpoints/PJSIP', z.array(AriEndpoint));
  }

  /** When this Asterisk process began (another value, another process), and of which release it is. */
  async process(): Promise<Result<{ startedAt: string; version: string }>> {
    const info = await this.get('asterisk/info?only=status,system', AsteriskStatus);
    return info.ok ? ok({ startedAt: info.value.status.startup_time, version: info.value.system.version }) : info;
  }

  /** Makes or replaces a PJSIP object. */
  putObject(type: ObjectType, id: string, fields: Record<string, string>): Promise<Result<null>> {
    const attributes = Object.entries(fields).map(([attribute, value]) => ({ attribute, value }));
    return this.send(ANY, 'PUT', objectUri(type, id), 'not-found', { fields: attributes });
  }

  async getObject(type: ObjectType, id: string): Promise<Result<Map<string, string>>> {
    const fields = await this.get(objectUri(type, id), AriFields);
    return fields.ok ? ok(new Map(fields.value.map(({ attribute, value }) => [attribute, value]))) : fields;
  }

  deleteObject(type: ObjectType, id: string): Promise<Result<null>> {
    return this.send(ANY, 'DELETE', objectUri(type, id), 'not-found');
  }

  /** Which events an application is told; all others cost nothing but Asterisk's thought. */
  filterEvents(app: string, wanted: Iterable<string>): Promise<Result<null>> {
    // The filter holds for answers to requests, too.
    const allowed = [...wanted, 'RESTResponse'].map((type) => ({ type }));
    return this.send(ANY, 'PUT', `applications/${encodeURIComponent(app)}/eventFilter`, 'not-found', { allowed });
  }

  subscribe(app: string, eventSource: string): Promise<Result<null>> {
    return this.send(ANY, 'POST', `applications/${encodeURIComponent(app)}/subscription`, 'not-found', { eventSource });
  }

  private channel(method: 'POST' | 'DELETE', id: string, rest: string, body?: object): Promise<Result<null>> {
    return this.send(id, method, `channels/${encodeURIComponent(id)}${rest}`, 'switch.channel-gone', body);
  }

  private bridge(method: 'POST' | 'DELETE', id: string, rest: string, body?: object): Promise<Result<null>> {
    return this.send(id, method, `bridges/${encodeURIComponent(id)}${rest}`, 'switch.bridge-gone', body);
  }

  private async send(key: string, method: 'POST' | 'PUT' | 'DELETE', uri: string, gone: Gone, body?: object): Promise<Result<null>> {
    return resultOf(await this.lanes.request(key, method, uri, body), gone);
  }

  private async get<Schema extends z.ZodType>(uri: string, schema: Schema): Promise<Result<z.infer<Schema>>> {
    const answer = await this.lanes.request(ANY, 'GET', uri);
    const result = resultOf(answer, 'not-found');
    if (!result.ok) return result;
    const parsed = schema.safeParse(answer.body);
    return parsed.success ? ok(parsed.data) : fail('switch.failed', `Asterisk answered ${uri} with something else than its description says`);
  }
}

const objectUri = (type: ObjectType, id: string): string => `asterisk/config/dynamic/res_pjsip/${type}/${encodeURIComponent(id)}`;

const wordsOf = ({ status, body }: AriAnswer): string => {
  const parsed = AriError.safeParse(body);
  return `ARI ${status}${parsed.success ? `: ${parsed.data.message}` : ''}`;
};

function resultOf(answer: AriAnswer, gone: ErrorCode): Result<null> {
  const { status } = answer;
  if (status >= 200 && status < 300) return ok(null);
  if (status === 0) return fail('switch.unavailable', 'Asterisk did not answer');
  // Of a channel: it has left the application, or is just ending. Of a bridge: there is one of this id.
  if (status === 409 && gone === 'switch.bridge-gone') return fail('input.invalid', wordsOf(answer));
  if (status === 404 || (status === 409 && gone === 'switch.channel-gone')) return fail(gone, wordsOf(answer));
  return fail('switch.failed', wordsOf(answer));
}

function variableOf(answer: AriAnswer, gone: ErrorCode): Result<string> {
  const result = resultOf(answer, gone);
  if (!result.ok) return result.error.code === 'not-found' ? ok('') : result;
  const parsed = AriVariable.safeParse(answer.body);
  return ok(parsed.success ? parsed.data.value : '');
}
