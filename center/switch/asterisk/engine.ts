import type { SwitchEvent } from '../port.ts';
import { AriClient } from './ari/client.ts';
import { AriConnection, type ConnectionListener } from './ari/connection.ts';
import { AriLanes } from './ari/lanes.ts';
import { Bridges } from './bridges.ts';
import { ChannelRecordings } from './channel-recordings.ts';
import { Channels } from './channels.ts';
import { EarlyMedia } from './early-media.ts';
import { Endpoints } from './endpoints.ts';
import type { AsteriskSwitchOptions } from './index.ts';
import { Intruders } from './intruders.ts';
import { MuteLegs } from './mute-legs.ts';
import { PhoneTransfers } from './phone-transfers.ts';
import { PlayableFiles } from './playable-files.ts';
import { Playout } from './playout.ts';
import { Recordings } from './recordings.ts';
import { Silence } from './silence.ts';
import { Snoops } from './snoops.ts';
import { Transfers } from './transfers.ts';

/** Stasis application that calls are in. */
export const APP = 'sangdam';
/** Hears who registers. Apart, because it would hear of every call as well: its filter lets registrations through alone. */
export const REGISTRATIONS_APP = 'sangdam-registrations';
/** Applications of further sockets, which carry requests alone: a socket must have one. */
const REQUEST_APPS = ['sangdam-requests-1', 'sangdam-requests-2', 'sangdam-requests-3'];
const DEFAULT_CODECS = 'alaw,ulaw,opus';
const DEFAULT_ORPHAN_GRACE_MS = 30_000;

/** What an engine on one Asterisk consists of, each part ignorant of the others. */
export interface Engine {
  options: AsteriskSwitchOptions;
  /** Carries the events; where it is open, Asterisk is there. */
  connection: AriConnection;
  lanes: AriLanes;
  client: AriClient;
  channels: Channels;
  channelRecordings: ChannelRecordings;
  bridges: Bridges;
  early: EarlyMedia;
  intruders: Intruders;
  mute: MuteLegs;
  endpoints: Endpoints;
  phoneTransfers: PhoneTransfers;
  playout: Playout;
  recordings: Recordings;
  silence: Silence;
  snoops: Snoops;
  transfers: Transfers;
  emit: (event: SwitchEvent) => void;
  report: (error: unknown, doing: string) => void;
}

interface Ears {
  listener: Pick<ConnectionListener, 'connected' | 'disconnected' | 'event'>;
  emit: (event: SwitchEvent) => void;
  report: (error: unknown, doing: string) => void;
}

/** The sockets to Asterisk. The first speaks for all of them where Asterisk is away. */
function connect({ account, clock, logger }: AsteriskSwitchOptions, listener: Ears['listener']): Pick<Engine, 'connection' | 'lanes'> {
  const complaints: Pick<ConnectionListener, 'slow' | 'nonsense'> = {
    slow: (request, tookMs) => logger.warn({ request, tookMs }, 'Asterisk was slow to answer'),
    nonsense: (detail) => logger.warn({ detail }, 'Asterisk sent something unexpected'),
  };
  const connection = new AriConnection({ account, apps: [APP, REGISTRATIONS_APP], clock, listener: { ...listener, ...complaints } });
  const deaf = { connected: () => {}, disconnected: () => {}, event: () => {}, ...complaints };
  return { connection, lanes: new AriLanes(connection, REQUEST_APPS.map((app) => new AriConnection({ account, apps: [app], clock, listener: deaf }))) };
}

/** Puts the parts together; nothing is sent or heard before the connection is started. */
export function assemble(options: AsteriskSwitchOptions, { listener, emit, report }: Ears): Engine {
  const { clock, logger } = options;
  const { connection, lanes } = connect(options, listener);
  const client = new AriClient(lanes);
  const early = new EarlyMedia(client);
  const mute = new MuteLegs({ client, clock, logger });
  const bridges = new Bridges(client, clock, (bridgeId) => snoops.bridgeChanged(bridgeId));
  const playout = new Playout({ client, clock, announcementsDir: options.announcementsDir, soundsFolder: options.soundsFolder, files: new PlayableFiles(options.playing), emit });
  const channelRecordings = new ChannelRecordings({ client, clock, logger, emit });
  const transfers = new Transfers({ client, clock, emit });
  const snoops: Snoops = new Snoops({
    client, clock, app: APP, emit,
    take: (channel) => {
      early.taken(channel);
      bridges.taken(channel);
      channelRecordings.end(channel.id, 'stopped');
      playout.release(channel);
    },
    listened: (target, listened) => playout.setWhispered(target, listened),
    peerOf: (target) => bridges.peerOf(target),
  });
  const phoneTransfers = new PhoneTransfers(options.phoneTransfers ?? 'auto');
  const endpoints = new Endpoints({
    client,
    app: APP,
    codecs: options.codecs ?? DEFAULT_CODECS,
    mayTransfer: () => phoneTransfers.allowed,
    onChanged: (user, registered) => {
      if (registered) channels.phoneBack(user);
      else channels.phoneLost(user);
      emit({ type: 'endpoint.changed', user, registered });
    },
    onTrouble: (user, message) => logger.warn({ user, message }, 'a phone could not be set up in Asterisk'),
  });
  const channels = new Channels({
    client, clock, emit,
    orphanGraceMs: options.orphanGraceMs ?? DEFAULT_ORPHAN_GRACE_MS,
    isRegistered: (user) => endpoints.isRegistered(user),
    beforeHangUp: (channelId) => transfers.outcomeTold(channelId),
    onUp: (channel) => mute.answered(channel),
    onGone: (channel) => {
      mute.gone(channel);
      early.taken(channel);
      snoops.channelEnded(channel);
      bridges.taken(channel);
      transfers.channelEnded(channel.id);
      playout.channelEnded(channel);
      channelRecordings.channelEnded(channel.id);
    },
  });
  const intruders = new Intruders({ client, app: APP, channels: channels.all, logger });
  const recordings = new Recordings({ client, clock, logger, emit, onError: report, isTaken: (name) => channelRecordings.isTaken(name) });
  const silence = new Silence({ client, emit });
  return { options, connection, lanes, client, channels, channelRecordings, bridges, early, intruders, mute, endpoints, phoneTransfers, playout, recordings, silence, snoops, transfers, emit, report };
}
