import {
  ProtectionProfileAeadAes128Gcm,
  ProtectionProfileAes128CmHmacSha1_80,
  RTCDtlsFingerprint,
  RTCDtlsParameters,
  RTCDtlsTransport,
  RTCIceGatherer,
  RTCIceParameters,
  RTCIceTransport,
  RtpHeader,
  UdpTransport,
} from 'werift';
import type { Disposer } from '../../../../contract/errors.ts';
import { MediaGate } from './gate.ts';
import { guardHandshake, type GuardedHandshake } from './guarded-handshake.ts';
import type { DtlsSetup, LocalTransport, RemoteTransport } from './sdp.ts';

/** One RTP packet, as much of it as we use. `payload` is only valid during the call. */
export interface RtpPacket {
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  marker: boolean;
  payload: Buffer;
}

export type TransportState = 'waiting' | 'connected' | 'failed' | 'closed';

/**
 * One ICE-lite + DTLS-SRTP association on one UDP port: werift's transports without its peer connection, whose
 * transceivers, codecs and RTCP a switch has no use for. Being lite, it needs no candidate of the far end
 * (RFC 8445 §2.5): it answers the checks that come and sends to where the nominating one came from.
 */
export class MediaTransport {
  private readonly ice: RTCIceTransport;
  private readonly dtls: RTCDtlsTransport;
  private readonly handshake: GuardedHandshake;
  private readonly packetListeners = new Set<(packet: RtpPacket) => void>();
  private readonly stateListeners = new Set<(state: TransportState) => void>();
  private readonly address: string;
  private readonly gate: MediaGate;
  private remote: RemoteTransport | null = null;
  private current: TransportState = 'waiting';

  private constructor(ice: RTCIceTransport, dtls: RTCDtlsTransport, gate: MediaGate, address: string) {
    this.ice = ice;
    this.dtls = dtls;
    this.handshake = guardHandshake(dtls);
    this.gate = gate;
    this.address = address;
    this.dtls.onRtp.subscribe((packet) => {
      const { payloadType, sequenceNumber, timestamp, ssrc, marker } = packet.header;
      const received: RtpPacket = { payloadType, sequence: sequenceNumber, timestamp, ssrc, marker, payload: packet.payload };
      for (const listener of this.packetListeners) listener(received);
    });
    this.dtls.onStateChange.subscribe((state) => {
      if (state === 'connected') this.become('connected');
      else if (state === 'failed' || state === 'closed') this.become('failed');
    });
  }

  /** Binds a UDP port of `address` (an IPv4 address of this machine) and makes a certificate once per process. */
  static async open(address: string): Promise<MediaTransport> {
    const certificate = await RTCDtlsTransport.SetupCertificate();
    const gatherer = new RTCIceGatherer({
      iceLite: true,
      // No family is gathered by itself, so that the given address is the only one.
      useIpv4: false,
      useIpv6: false,
      useTcp: false,
      additionalHostAddresses: [address],
      interfaceAddresses: { udp4: address },
    });
    const ice = new RTCIceTransport(gatherer);
    const profiles = [ProtectionProfileAeadAes128Gcm, ProtectionProfileAes128CmHmacSha1_80];
    const dtls = new RTCDtlsTransport({}, ice, certificate, [...profiles]);
    await ice.gather();
    if (ice.localCandidates.length === 0) throw new Error('no media address could be bound');
    const gate = new MediaGate();
    gate.use(ice.localParameters.usernameFragment, ice.localParameters.password);
    stand(gate, gatherer);
    return new MediaTransport(ice, dtls, gate, address);
  }

  get state(): TransportState {
    return this.current;
  }

  /** How far ICE and DTLS have come, for the log. */
  get progress(): string {
    return `ICE ${this.ice.connection.nominated === undefined ? 'without a path' : 'has a path'}, DTLS ${this.handshake.front.progress}`;
  }

  get local(): LocalTransport {
    const { usernameFragment, password } = this.ice.localParameters;
    const fingerprint = this.dtls.localParameters.fingerprints[0];
    const candidate = this.ice.localCandidates[0];
    if (fingerprint === undefined || candidate === undefined) throw new Error('the transport is closed');
    return {
      ufrag: usernameFragment,
      password,
      fingerprint: { algorithm: fingerprint.algorithm, value: fingerprint.value },
      address: this.address,
      port: candidate.port,
    };
  }

  /** Our `a=setup` in an answer: passive wherever we may, since a server need not wait before it listens. */
  static setupAgainst(remote: RemoteTransport): DtlsSetup {
    return remote.setup === 'passive' ? 'active' : 'passive';
  }

  /** Whether `remote` is the far end we are (or get) connected to, its ICE credentials apart. */
  isSameAssociation(remote: RemoteTransport): boolean {
    const digests = (of: RemoteTransport): string => of.fingerprints.map(({ value }) => value.toUpperCase()).sort().join();
    return this.remote === null || digests(this.remote) === digests(remote);
  }

  /**
   * Starts, or restarts ICE when `remote` carries new ICE credentials (RFC 8445 §9). After a restart `local`
   * has new credentials too, which must go into the answer.
   */
  async connect(remote: RemoteTransport, onError: (error: unknown) => void): Promise<void> {
    const failed = (error: unknown): void => {
      if (this.current !== 'closed') onError(error);
    };
    const former = this.remote;
    this.remote = remote;
    if (former?.ufrag === remote.ufrag && former.password === remote.password) return;
    const parameters = new RTCIceParameters({ usernameFragment: remote.ufrag, password: remote.password, iceLite: false });
    this.ice.setRemoteParams(parameters);
    if (former !== null) {
      await this.ice.gather();
      this.gate.use(this.ice.localParameters.usernameFragment, this.ice.localParameters.password);
    }
    this.ice.start().catch(failed);
    if (former !== null) return;
    this.dtls.role = remote.setup === 'passive' ? 'client' : 'server';
    const fingerprints = remote.fingerprints.map(({ algorithm, value }) => new RTCDtlsFingerprint(algorithm, value));
    this.dtls.setRemoteParams(new RTCDtlsParameters(fingerprints, this.dtls.role === 'server' ? 'client' : 'server'));
    this.handshake.start().catch(failed);
  }

  onPacket(listener: (packet: RtpPacket) => void): Disposer {
    this.packetListeners.add(listener);
    return () => this.packetListeners.delete(listener);
  }

  onState(listener: (state: TransportState) => void): Disposer {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  /** Encrypts and sends; silently nothing before the association is up. */
  send(packet: RtpPacket): void {
    if (this.current !== 'connected') return;
    const header = new RtpHeader({
      payloadType: packet.payloadType,
      sequenceNumber: packet.sequence,
      timestamp: packet.timestamp,
      ssrc: packet.ssrc,
      marker: packet.marker,
    });
    void this.dtls.sendRtp(packet.payload, header);
  }

  async close(): Promise<void> {
    if (this.current === 'closed') return;
    this.become('closed');
    this.packetListeners.clear();
    this.stateListeners.clear();
    this.dtls.dtls?.close();
    await this.dtls.stop();
  }

  private become(state: TransportState): void {
    if (this.current === state || this.current === 'closed') return;
    this.current = state;
    for (const listener of this.stateListeners) listener(state);
  }
}

/** Puts the gate before the ports, which werift keeps to itself. A port that cannot be guarded is not opened. */
function stand(gate: MediaGate, { connection }: RTCIceGatherer): void {
  const protocols: unknown = Reflect.get(connection, 'protocols');
  const transports = Array.isArray(protocols) ? protocols.map((protocol: object) => Reflect.get(protocol, 'transport') as unknown) : [];
  if (transports.length === 0) throw new Error('the media port cannot be guarded');
  for (const transport of transports) {
    if (!(transport instanceof UdpTransport)) throw new Error('the media port cannot be guarded');
    const receive = transport.onData;
    transport.onData = (data, address) => {
      if (gate.admits(data, address.join(' '))) receive(data, address);
    };
  }
}
