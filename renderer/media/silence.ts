import type { Disposer } from '../../contract/errors.ts';

/** What is sent in place of a voice. */
export interface Silence {
  track: MediaStreamTrack;
  stop: Disposer;
}

/**
 * A track that says nothing, for a call whose microphone is away: without packets for a minute a switch takes the far end
 * for lost, and hangs up.
 */
export function silence(): Silence {
  const context = new AudioContext();
  const nothing = new ConstantSourceNode(context, { offset: 0 });
  const destination = new MediaStreamAudioDestinationNode(context);
  nothing.connect(destination);
  nothing.start();
  const [track] = destination.stream.getAudioTracks();
  if (track === undefined) throw new Error('an audio destination has a track');
  return {
    track,
    stop: () => {
      track.stop();
      void context.close();
    },
  };
}
