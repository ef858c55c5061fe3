/*
 * In a page: a browser's ends of many calls, all saying one tone. Bundled by nothing: each function stands for itself.
 */

/** What became of one. */
export interface PageResult {
  /** Milliseconds from the beginning until audio came; null within the time that was given. */
  heardMs: number | null;
  state: string;
}

export interface MediaPage {
  offer(id: number): Promise<string>;
  answer(id: number, offer: string, setup: 'active' | 'passive'): Promise<string>;
  accept(id: number, answer: string): Promise<void>;
  heard(id: number, timeoutMs: number): Promise<PageResult>;
  /** Whether its peer connection says that it is connected: by that a desk knows of a call without audio. */
  connected(id: number): boolean;
  close(id: number): void;
}

declare global {
  interface Window {
    media: MediaPage;
  }
}

/** Runs in the page, once. */
export async function installMediaPage(): Promise<void> {
  const peers = new Map<number, RTCPeerConnection>();
  const context = new AudioContext();
  await context.resume();
  const tone = new OscillatorNode(context, { frequency: 440 });
  const voice = new MediaStreamAudioDestinationNode(context);
  tone.connect(voice);
  tone.start();
  const peerOf = (id: number): RTCPeerConnection => {
    let peer = peers.get(id);
    if (peer === undefined) {
      peer = new RTCPeerConnection();
      for (const track of voice.stream.getTracks()) peer.addTrack(track, voice.stream);
      peers.set(id, peer);
    }
    return peer;
  };
  const gathered = async (peer: RTCPeerConnection): Promise<string> => {
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (peer.iceGatheringState === 'complete') resolve();
      };
      peer.addEventListener('icegatheringstatechange', check);
      check();
    });
    return peer.localDescription?.sdp ?? '';
  };
  const received = async (peer: RTCPeerConnection): Promise<number> => {
    let packets = 0;
    for (const report of (await peer.getStats()).values()) if (report.type === 'inbound-rtp') packets += report.packetsReceived;
    return packets;
  };
  window.media = {
    async offer(id) {
      const peer = peerOf(id);
      await peer.setLocalDescription();
      return gathered(peer);
    },
    async answer(id, offer, setup) {
      const peer = peerOf(id);
      await peer.setRemoteDescription({ type: 'offer', sdp: offer });
      const { sdp = '' } = await peer.createAnswer();
      await peer.setLocalDescription({ type: 'answer', sdp: sdp.replaceAll('a=setup:active', `a=setup:${setup}`) });
      return gathered(peer);
    },
    accept: (id, answer) => peerOf(id).setRemoteDescription({ type: 'answer', sdp: answer }),
    async heard(id, timeoutMs) {
      const began = performance.now();
      const peer = peerOf(id);
      let at = 0;
      while ((await received(peer)) < 3 && at < timeoutMs) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        at = performance.now() - began;
      }
      const state = `${peer.iceConnectionState}, ${peer.connectionState}`;
      return { heardMs: at < timeoutMs ? at : null, state };
    },
    connected: (id) => peers.get(id)?.connectionState === 'connected',
    close(id) {
      peers.get(id)?.close();
      peers.delete(id);
    },
  };
}
