import type { MediaAnswer, MediaReport, MediaRequest } from '../../../../contract/bridge/media.ts';
import { PhoneMedia } from '../../../support/sip-phone/media.ts';

/** What a window's media code does, on werift: real audio that says one tone and hears. */
export class AudioWindow {
  readonly requests: MediaRequest[] = [];
  readonly reports: MediaReport[] = [];
  /** Answers nothing while false, as a window that hangs. */
  answering = true;
  /** Refuses to send digits, as a browser without RTCDTMFSender. */
  canSendDigits = true;
  /** Makes nothing of the far end's answers while false, as a browser of one that lacks something. */
  appliesAnswers = true;
  muted = false;
  /** What it was asked to send, oldest first. */
  readonly digits: string[] = [];
  private readonly toneHz: number;
  private readonly peers = new Map<string, PhoneMedia>();

  constructor(toneHz: number) {
    this.toneHz = toneHz;
  }

  /** The newest peer connection. */
  get audio(): PhoneMedia {
    const audio = [...this.peers.values()].at(-1);
    if (audio === undefined) throw new Error('no audio yet');
    return audio;
  }

  get openPeers(): number {
    return this.peers.size;
  }

  /** Takes a request, and gives its answer to `answer`. */
  take(request: MediaRequest, answer: (answer: MediaAnswer) => void): void {
    this.requests.push(request);
    if (!this.answering) return;
    const { session, generation, request: number } = request;
    const key = { session, generation, request: number };
    this.perform(request).then(
      (sdp) => answer({ ...key, result: { ok: true, sdp } }),
      (error: unknown) => answer({ ...key, result: { ok: false, code: 'media.failed', message: String(error) } }),
    );
  }

  close(): void {
    for (const peer of this.peers.values()) peer.close();
  }

  private async perform({ session, generation, operation }: MediaRequest): Promise<string | null> {
    const id = `${session} ${generation}`;
    const known = this.peers.get(id);
    switch (operation.type) {
      case 'createOffer':
      case 'createAnswer': {
        const peer = known ?? new PhoneMedia(this.toneHz, 'pcmu');
        this.peers.set(id, peer);
        if (known === undefined && generation > 0) await peer.startOver();
        peer.direction = operation.hold ? 'sendonly' : 'sendrecv';
        if (operation.type === 'createOffer' && operation.restartIce) await peer.restartIce();
        if (operation.type === 'createAnswer') await peer.setDescription(operation.remoteOffer);
        return (await peer.getDescription()).body;
      }
      case 'applyAnswer':
        if (!this.appliesAnswers) throw new Error('Called with SDP without ice-ufrag and ice-pwd.');
        await known?.setDescription(operation.sdp);
        return null;
      case 'rollback':
        await known?.rollbackDescription();
        return null;
      case 'setMuted':
        this.muted = operation.muted;
        return null;
      case 'sendDigits':
        if (!this.canSendDigits) throw new Error('no DTMF sender');
        this.digits.push(operation.digits);
        known?.sendDtmf(operation.digits);
        return null;
      case 'close':
        known?.close();
        this.peers.delete(id);
        return null;
    }
  }
}
