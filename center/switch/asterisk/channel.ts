import type { Disposer } from '../../../contract/errors.ts';
import { toE164 } from '../../../contract/phone-number.ts';
import type { BridgeId, ChannelId, ChannelInfo, ChannelState, HangUpCause } from '../port.ts';
import type { AriChannel } from './ari/messages.ts';

/**
 * Where a channel comes from or leads to; Asterisk keeps it as the first argument of our Stasis application, so
 * that a center that starts anew can tell. `to-trunk` may lead to a registered phone in the demo.
 */
export const KINDS = ['phone', 'trunk', 'to-phone', 'to-trunk'] as const;
export type Kind = (typeof KINDS)[number];

export const isKind = (text: string | undefined): text is Kind => (KINDS as readonly (string | undefined)[]).includes(text);

/** What the engine knows of a channel of Asterisk. */
export interface Channel {
  readonly id: ChannelId;
  readonly kind: Kind;
  /** PJSIP endpoint at the far end: a phone's user, or the trunk. */
  readonly resource: string;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly dialled: string;
  headers: Readonly<Record<string, string>>;
  state: ChannelState;
  /** The center has been told of it. */
  announced: boolean;
  answering: boolean;
  /** Dialled, and heard before it is answered. */
  progressed: boolean;
  /** Set once we hang it up: why. It is gone for all commands from then on. */
  ending: HangUpCause | null;
  /** Q.850 cause of the hang-up Asterisk announced; 0 before. */
  hangUpCause: number;
  bridgeId: BridgeId | null;
  /** Waits for its bridge outside of it, with music: for Asterisk it is in none. */
  waits: boolean;
  muted: boolean;
  held: boolean;
  /** Hears hold music whenever it hears nothing else. */
  music: boolean;
  /** Somebody may whisper to it: it is sent silence whenever it is sent nothing else. */
  whispered: boolean;
  cancelTimers: Disposer[];
  /** It is in our application, or over. */
  onEntered: () => void;
}

type Known = Pick<Channel, 'id' | 'kind' | 'resource' | 'callerNumber' | 'callerName' | 'dialled' | 'headers' | 'state'>;

export const newChannel = (known: Known): Channel => ({
  ...known,
  announced: false,
  answering: false,
  progressed: false,
  ending: null,
  hangUpCause: 0,
  bridgeId: null,
  waits: false,
  muted: false,
  held: false,
  music: false,
  whispered: false,
  cancelTimers: [],
  onEntered: () => {},
});

export const isIncoming = (kind: Kind): boolean => kind === 'phone' || kind === 'trunk';
const isPhone = (kind: Kind): boolean => kind === 'phone' || kind === 'to-phone';

/** A channel as Asterisk describes it. */
export function channelOf(ari: AriChannel, kind: Kind): Channel {
  const incoming = isIncoming(kind);
  const party = incoming ? ari.caller : ari.connected;
  return newChannel({
    id: ari.id,
    kind,
    resource: resourceOf(ari.name),
    // A carrier presents numbers as it likes; customers are known by E.164.
    callerNumber: kind === 'trunk' ? (toE164(party.number) ?? party.number) : party.number,
    callerName: party.name,
    dialled: incoming ? ari.dialplan.exten : '',
    headers: {},
    state: stateOf(ari.state, incoming),
  });
}

export function stateOf(state: string, incoming: boolean): ChannelState {
  if (state === 'Up') return 'up';
  if (incoming) return 'incoming';
  return state === 'Ringing' ? 'ringing' : 'dialling';
}

/** `PJSIP/user-0000002a` → `user` */
const resourceOf = (name: string): string => /^[^/]+\/(.+)-[0-9a-f]+$/.exec(name)?.[1] ?? name;

/** The kind of a channel that is in our application; null for another's. */
export function kindIn(ari: AriChannel, app: string): Kind | null {
  const [application, kind] = ari.dialplan.app_data.split(',');
  return ari.dialplan.app_name === 'Stasis' && application === app && isKind(kind) ? kind : null;
}

export const infoOf = ({ id, kind, resource, state, callerNumber, callerName, dialled, headers }: Channel): ChannelInfo => ({
  channelId: id,
  state,
  endpoint: isPhone(kind) ? resource : null,
  callerNumber,
  callerName,
  dialled,
  headers,
});

/** Up, and not being hung up. */
export const isUp = (channel: Channel | undefined): channel is Channel => channel?.state === 'up' && channel.ending === null;
