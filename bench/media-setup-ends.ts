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
} from 'werift';
import { ChannelMedia } from '../center/switch/embedded/media/channel-media.ts';
import { encode, FRAME_SAMPLES } from '../center/switch/embedded/media/g711.ts';
import { parseDescription, writeAnswer, writeOffer, type LocalTransport, type RemoteDescription } from '../center/switch/embedded/media/sdp.ts';

const ADDRESS = '127.0.0.1';
const silence = new Int16Array(FRAME_SAMPLES);

/** An end that is set up with; says something all the time. */
export interface End {
  offer(): Promise<string>;
  answerTo(offer: string): Promise<string>;
  accept(answer: string): Promise<void>;
  /** Packets of audio that came. */
  heard(): number;
  speak(): void;
  /** Whether the association stands: by that the switch knows of a call without audio. */
  connected(): boolean;
  /** Of the association, in words. */
  state(): string;
  close(): void;
}

/** The embedded switch's. */
export function switchEnd(): End {
  const media = new ChannelMedia({ address: ADDRESS, monotonic: () => performance.now(), onError: () => {} });
  let heard = 0;
  media.leg.onAudio = () => void heard++;
  const text = async (made: ReturnType<ChannelMedia['offer']>): Promise<string> => {
    const result = await made;
    if (!result.ok) throw new Error(result.error.message);
    return result.value;
  };
  return {
    offer: () => text(media.offer()),
    answerTo: (offer) => text(media.answerTo(offer)),
    accept: async (answer) => {
      const accepted = await media.accept(answer);
      if (!accepted.ok) throw new Error(accepted.error.message);
    },
    heard: () => heard,
    speak: () => media.leg.sendFrame(silence),
    connected: () => media.connected,
    state: () => media.progress,
    close: () => media.close(),
  };
}

/** werift's transports as they come, lite as the switch's are: what it would be without the gate and the front. */
export async function bareEnd(): Promise<End> {
  const certificate = await RTCDtlsTransport.SetupCertificate();
  const gatherer = new RTCIceGatherer({ iceLite: true, useIpv4: false, useIpv6: false, useTcp: false, additionalHostAddresses: [ADDRESS], interfaceAddresses: { udp4: ADDRESS } });
  const ice = new RTCIceTransport(gatherer);
  const dtls = new RTCDtlsTransport({}, ice, certificate, [ProtectionProfileAeadAes128Gcm, ProtectionProfileAes128CmHmacSha1_80]);
  await ice.gather();
  const [candidate] = ice.localCandidates;
  const [fingerprint] = dtls.localParameters.fingerprints;
  if (candidate === undefined || fingerprint === undefined) throw new Error('no port');
  const local: LocalTransport = { ufrag: ice.localParameters.usernameFragment, password: ice.localParameters.password, fingerprint: { algorithm: fingerprint.algorithm, value: fingerprint.value }, address: ADDRESS, port: candidate.port };
  const identity = { sessionId: 1, version: 1, ssrc: 1 };
  let heard = 0;
  let sequence = 0;
  let payloadType = 0;
  dtls.onRtp.subscribe(() => void heard++);
  const connect = (sdp: string): RemoteDescription => {
    const parsed = parseDescription(sdp);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const { ufrag, password, fingerprints, setup } = parsed.value.transport;
    ({ payloadType } = parsed.value.format);
    ice.setRemoteParams(new RTCIceParameters({ usernameFragment: ufrag, password, iceLite: false }));
    ice.start().catch(() => {});
    dtls.role = setup === 'passive' ? 'client' : 'server';
    dtls.setRemoteParams(new RTCDtlsParameters(fingerprints.map((one) => new RTCDtlsFingerprint(one.algorithm, one.value)), dtls.role === 'server' ? 'client' : 'server'));
    dtls.start().catch(() => {});
    return parsed.value;
  };
  return {
    offer: async () => writeOffer(local, 'actpass', identity),
    answerTo: async (offer) => {
      const remote = connect(offer);
      return writeAnswer(local, remote, remote.transport.setup === 'passive' ? 'active' : 'passive', identity);
    },
    accept: async (answer) => void connect(answer),
    heard: () => heard,
    speak: () => {
      sequence = (sequence + 1) & 0xffff;
      if (dtls.state === 'connected') void dtls.sendRtp(encode(silence, 'pcmu'), new RtpHeader({ payloadType, sequenceNumber: sequence, timestamp: sequence * FRAME_SAMPLES, ssrc: 1 }));
    },
    connected: () => dtls.state === 'connected',
    state: () => `ice ${ice.state}, dtls ${dtls.state}`,
    close: () => {
      dtls.dtls?.close();
      void dtls.stop();
    },
  };
}
