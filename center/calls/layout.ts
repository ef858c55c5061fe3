import type { SupervisionMode } from '../../contract/supervision.ts';
import type { ChannelId } from '../switch/port.ts';
import type { Leg, Place } from './contact.ts';

type Hearer = Pick<Leg, 'channelId' | 'state' | 'held' | 'parked' | 'aside' | 'place' | 'early' | 'rejoin'>;

/** It holds, or is held for, or has no audio for long: nobody hears it. */
export const isAway = ({ held, parked, aside, rejoin }: Hearer): boolean => held || parked || aside || rejoin?.slow === true;

/** A supervisor's channel, and the agent's that it follows. */
export interface Ear {
  channelId: ChannelId;
  targetId: ChannelId;
  mode: SupervisionMode;
}

/** Hears what another channel hears and says, heard by nobody or, whispering, by that one alone. */
export interface Listening {
  to: ChannelId;
  whispering: boolean;
}

/** Hears what another plays before it answers. */
export interface Hearing {
  early: ChannelId;
}

export type Layout = ReadonlyMap<ChannelId, Place | Listening | Hearing>;

/** What a caller is told before the answer, and instead of one. */
const TONES: ReadonlySet<Place> = new Set(['ringback', 'busy', 'congestion']);

/**
 * Pure: what each channel that is up shall hear, and a caller who is not answered yet. Where what they wait for is heard
 * before its answer, that is it in place of our tone. Those of one room hear each other; where a phone holds, or the center
 * for it, or it is without audio for long, whoever would be left alone with it hears music instead, and never the
 * holder's open microphone; several who are left go on without the holder. A supervisor follows the agent: barged in, into whatever room the agent is in,
 * and listening where that is none.
 */
export function layoutOf(legs: readonly Hearer[], ears: readonly Ear[] = []): Layout {
  const up = legs.filter(({ state }) => state === 'up');
  const layout = new Map<ChannelId, Place | Listening | Hearing>(up.map(({ channelId, place, aside }) => [channelId, aside ? 'music' : place]));
  for (const { channelId, state, place } of legs) if (state === 'ringing' && TONES.has(place)) layout.set(channelId, place);
  const early = legs.find((leg) => leg.state === 'ringing' && leg.early);
  if (early !== undefined) for (const [channelId, place] of layout) if (place === 'ringback') layout.set(channelId, { early: early.channelId });
  for (const room of ['main', 'side'] as const) {
    const members = up.filter(({ place, aside }) => place === room && !aside);
    const [only, ...others] = members.filter((member) => !isAway(member));
    if (only !== undefined && others.length === 0 && members.length > 1) layout.set(only.channelId, 'music');
    // In a conference the others go on without whatever the holder's phone sends meanwhile.
    if (others.length > 0) for (const { channelId, held, parked } of members) if (held || parked) layout.set(channelId, 'silence');
  }
  for (const { channelId, targetId, mode } of ears) {
    const place = layout.get(targetId);
    if (place === undefined) continue;
    layout.set(channelId, mode === 'barge' && (place === 'main' || place === 'side') ? place : { to: targetId, whispering: mode === 'whisper' });
  }
  return layout;
}
