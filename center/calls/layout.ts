import type { ChannelId } from '../switch/port.ts';
import type { Leg, Place } from './contact.ts';

type Hearer = Pick<Leg, 'channelId' | 'state' | 'held' | 'place' | 'rejoin'>;

const isAway = ({ held, rejoin }: Hearer): boolean => held || rejoin?.slow === true;

/**
 * Pure: what each channel that is up shall hear. Those of one room hear each other; where a phone holds, or is
 * without audio for long, whoever would be left alone with it hears music instead, and never the holder's open
 * microphone.
 */
export function layoutOf(legs: readonly Hearer[]): Map<ChannelId, Place> {
  const up = legs.filter(({ state }) => state === 'up');
  const layout = new Map<ChannelId, Place>(up.map(({ channelId, place }) => [channelId, place]));
  for (const room of ['main', 'side'] as const) {
    const members = up.filter(({ place }) => place === room);
    const [only, ...others] = members.filter((member) => !isAway(member));
    if (only !== undefined && others.length === 0 && members.length > 1) layout.set(only.channelId, 'music');
  }
  return layout;
}
