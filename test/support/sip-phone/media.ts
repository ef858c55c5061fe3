import type { BodyAndContentType, SessionDescriptionHandler } from 'sip.js';
import {
  candidateFromSdp,
  createSelfSignedCertificate,
  HashAlgorithm,
  NamedCurveAlgorithm,
  ProtectionProfileAes128CmHmacSha1_80,
  RTCCertificate,
  RTCDtlsFingerprint,
  RTCDtlsParameters,
  RTCDtlsTransport,
  RTCIceGatherer,
  RTCIceParameters,
  RTCIceTransport,
  RtpHeader,
  SignatureAlgorithm,
  type RtpPacket,
} from 'werift';
import { digitSteps } from '../../../center/switch/embedded/media/dtmf.ts';
import { decode, encode, FRAME_SAMPLES, type Codec } from '../../../center/switch/embedded/media/g711.ts';
import { guardHandshake, type GuardedHandshake } from '../../../center/switch/embedded/media/guarded-handshake.ts';
import { parseDescription, type Direction } from '../../../center/switch/embedded/media/sdp.ts';
import { Ticker } from '../../../center/switch/embedded/media/ticker.ts';
import { Ear } from './listening.ts';

const EVENT_PAYLOAD_TYPE = 101;
const AMPLITUDE = 8000;
const KEYS = '0123456789*#ABCD';

/** One beat for all phones of the process. */
const ticker = new Ticker(() => performance.now(), (error) => { throw error; });

export interface PacketCounts {
  received: number;
  /** Gaps in the sequence numbers received. */
  lost: number;
  sent: number;
}

/**
 * A call's media as SIP.js asks for it: full ICE, DTLS-SRTP and G.711 on werift's transports. Speaks one tone
 * all the time, and keeps what it hears.
 */
export class PhoneMedia implements SessionDescriptionHandler {
  readonly ear = new Ear();
  readonly digits: string[] = [];
  readonly counts: PacketCounts = { received: 0, lost: 0, sent: 0 };
  /** The far end's last description of itself. */
  farDescription = '';
  /** Our own direction in the next offer or answer. */
  direction: Direction = 'sendrecv';
  /** What is said from now on. */
  toneHz: number;
  private readonly codec: Codec;
  private ice: RTCIceTransport | null = null;
  private dtls: RTCDtlsTransport | null = null;
  private handshake: GuardedHandshake | null = null;
  private remoteOffer: string | null = null;
  private stopTicking = (): void => {};
  private phase = 0;
  private sequence = Math.floor(Math.random() * 2 ** 15);
  private timestamp = Math.floor(Math.random() * 2 ** 31);
  private readonly ssrc = Math.floor(Math.random() * 2 ** 32);
  private expected: number | null = null;
  private lastEvent = -1;
  private pendingDigits: ReturnType<typeof digitSteps> = [];
  private eventTimestamp = 0;
  private version = 0;
  /** Of the candidates: another with each gathering (RFC 8445 §5.1.1.3), by which Asterisk knows a restart. */
  private foundation = 1;

  constructor(toneHz: number, codec: Codec) {
    this.toneHz = toneHz;
    this.codec = codec;
  }

  async getDescription(): Promise<BodyAndContentType> {
    const offer = this.remoteOffer;
    this.remoteOffer = null;
    await this.open();
    const answering = offer === null ? null : describe(offer);
    this.offered = offer === null;
    const body = this.write(answering?.mid ?? '0', answering?.setup === 'active' ? 'passive' : answering === null ? 'actpass' : 'active');
    if (offer !== null) this.connect(offer, answering?.setup === 'active' ? 'server' : 'client');
    return { body, contentType: 'application/sdp' };
  }

  hasDescription(contentType: string): boolean {
    return contentType === 'application/sdp';
  }

  async setDescription(sdp: string): Promise<void> {
    this.farDescription = sdp;
    // With an offer of ours out, this is its answer; else it is an offer to be answered.
    if (this.offered) {
      this.offered = false;
      this.connect(sdp, describe(sdp).setup === 'passive' ? 'client' : 'server');
    } else this.remoteOffer = sdp;
  }

  async rollbackDescription(): Promise<void> {
    this.offered = false;
    this.remoteOffer = null;
  }

  sendDtmf(tones: string): boolean {
    this.pendingDigits.push(...digitSteps(tones));
    return true;
  }

  close(): void {
    this.stopTicking();
    this.dtls?.dtls?.close();
    void this.dtls?.stop();
  }

  /** New ICE credentials in the next offer, as after a change of network. */
  async restartIce(): Promise<void> {
    this.foundation++;
    this.ice?.restart();
    await this.ice?.gather();
  }

  /** A new association with a new certificate in the next offer, as a reloaded page makes it; or with the certificate that is given. */
  async startOver(given?: RTCCertificate): Promise<void> {
    this.close();
    await this.dtls?.iceTransport.stop();
    this.ice = null;
    this.dtls = null;
    this.handshake = null;
    if (given !== undefined) return this.open(given);
    const algorithms = { signature: SignatureAlgorithm.ecdsa_3, hash: HashAlgorithm.sha256_4 };
    const { keyPem, certPem, signatureHash } = await createSelfSignedCertificate(algorithms, NamedCurveAlgorithm.secp256r1_23);
    await this.open(new RTCCertificate(keyPem, certPem, signatureHash));
  }

  get connected(): boolean {
    return this.dtls?.state === 'connected';
  }

  private offered = false;

  private async open(own?: RTCCertificate): Promise<void> {
    if (this.ice !== null) return;
    const certificate = own ?? (await RTCDtlsTransport.SetupCertificate());
    // Loopback alone: a phone and a switch of the same machine.
    const gatherer = new RTCIceGatherer({
      useIpv4: false, useIpv6: false, useTcp: false,
      additionalHostAddresses: ['127.0.0.1'], interfaceAddresses: { udp4: '127.0.0.1' }, stunGatherTimeout: 0.01,
    });
    this.ice = new RTCIceTransport(gatherer);
    this.ice.connection.iceControlling = true;
    this.ice.connection.stunServer = undefined as never;
    this.dtls = new RTCDtlsTransport({}, this.ice, certificate, [ProtectionProfileAes128CmHmacSha1_80]);
    this.handshake = guardHandshake(this.dtls);
    this.dtls.onRtp.subscribe((packet) => this.receive(packet));
    await this.ice.gather();
    this.stopTicking = ticker.onTick(() => this.tick());
  }

  private connect(sdp: string, role: 'client' | 'server'): void {
    const { ice, dtls, handshake } = this;
    const parsed = parseDescription(sdp);
    if (ice === null || dtls === null || handshake === null || !parsed.ok) throw new Error('the far end described nothing we understand');
    const { ufrag, password, fingerprints } = parsed.value.transport;
    const restarted = ice.connection.remoteUsername === ufrag;
    if (dtls.state !== 'new' && restarted) return;
    ice.setRemoteParams(new RTCIceParameters({ usernameFragment: ufrag, password, iceLite: /^a=ice-lite/m.test(sdp) }));
    for (const [, candidate = ''] of sdp.matchAll(/^a=candidate:(.+?)\r?$/gm)) void ice.addRemoteCandidate(candidateFromSdp(candidate));
    void ice.addRemoteCandidate(undefined);
    const failed = (): void => this.close();
    ice.start().catch(failed);
    if (dtls.state !== 'new') return;
    dtls.role = role;
    dtls.setRemoteParams(new RTCDtlsParameters(fingerprints.map((f) => new RTCDtlsFingerprint(f.algorithm, f.value)), role === 'client' ? 'server' : 'client'));
    handshake.start().catch(failed);
  }

  private write(mid: string, setup: string): string {
    const { ice, dtls } = this;
    const candidate = ice?.localCandidates[0];
    const fingerprint = dtls?.localParameters.fingerprints[0];
    if (ice === null || candidate === undefined || fingerprint === undefined) throw new Error('the phone has no media');
    return [
      'v=0', `o=- ${this.ssrc} ${++this.version} IN IP4 127.0.0.1`, 's=-', 't=0 0', `a=group:BUNDLE ${mid}`,
      `m=audio ${candidate.port} UDP/TLS/RTP/SAVPF ${this.payloadType} ${EVENT_PAYLOAD_TYPE}`, 'c=IN IP4 127.0.0.1', `a=mid:${mid}`,
      `a=rtpmap:${this.payloadType} ${this.codec.toUpperCase()}/8000`, `a=rtpmap:${EVENT_PAYLOAD_TYPE} telephone-event/8000`, `a=fmtp:${EVENT_PAYLOAD_TYPE} 0-15`,
      'a=ptime:20', 'a=rtcp-mux', `a=${this.direction}`, `a=setup:${setup}`, `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
      `a=ice-ufrag:${ice.localParameters.usernameFragment}`, `a=ice-pwd:${ice.localParameters.password}`,
      `a=candidate:${this.foundation} 1 udp 2130706431 127.0.0.1 ${candidate.port} typ host`, 'a=end-of-candidates', `a=ssrc:${this.ssrc} cname:phone`, '',
    ].join('\r\n');
  }

  private tick(): void {
    if (!this.connected) return;
    const step = this.pendingDigits.shift();
    this.timestamp = (this.timestamp + FRAME_SAMPLES) >>> 0;
    if (step !== undefined) {
      if (step.begins) this.eventTimestamp = this.timestamp;
      for (const payload of step.payloads) this.send(EVENT_PAYLOAD_TYPE, this.eventTimestamp, payload);
      return;
    }
    if (this.direction === 'recvonly' || this.direction === 'inactive') return;
    this.send(this.payloadType, this.timestamp, encode(this.tone(), this.codec));
  }

  private get payloadType(): number {
    return this.codec === 'pcmu' ? 0 : 8;
  }

  private tone(): Int16Array {
    return Int16Array.from({ length: FRAME_SAMPLES }, () => Math.round(AMPLITUDE * Math.sin((2 * Math.PI * this.toneHz * this.phase++) / 8000)));
  }

  private send(payloadType: number, timestamp: number, payload: Buffer): void {
    this.sequence = (this.sequence + 1) & 0xffff;
    this.counts.sent++;
    void this.dtls?.sendRtp(payload, new RtpHeader({ payloadType, sequenceNumber: this.sequence, timestamp, ssrc: this.ssrc }));
  }

  private receive({ header, payload }: RtpPacket): void {
    this.counts.received++;
    if (this.expected !== null) this.counts.lost += Math.max(0, ((header.sequenceNumber - this.expected) << 16) >> 16);
    this.expected = (header.sequenceNumber + 1) & 0xffff;
    if (header.payloadType === EVENT_PAYLOAD_TYPE) {
      const digit = KEYS[payload[0] ?? 255];
      if (header.timestamp !== this.lastEvent && digit !== undefined) this.digits.push(digit);
      this.lastEvent = header.timestamp;
      return;
    }
    this.ear.push(decode(payload, header.payloadType === 8 ? 'pcma' : 'pcmu'), header.timestamp);
  }
}

const describe = (sdp: string): { mid: string; setup: string } => ({
  mid: /^a=mid:(\S+)/m.exec(sdp)?.[1] ?? '0',
  setup: /^a=setup:(\S+)/m.exec(sdp)?.[1] ?? 'actpass',
});
