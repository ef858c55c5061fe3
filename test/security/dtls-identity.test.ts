import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSelfSignedCertificate, HashAlgorithm, NamedCurveAlgorithm, RTCCertificate, SignatureAlgorithm } from 'werift';
import { ChannelMedia } from '../../center/switch/embedded/media/channel-media.ts';
import { must } from '../switch/stage.ts';
import { PhoneMedia } from '../support/sip-phone/media.ts';
import { until } from '../support/until.ts';

type Keys = Awaited<ReturnType<typeof createSelfSignedCertificate>>;
const made = (signature: Parameters<typeof createSelfSignedCertificate>[0]['signature']): Promise<Keys> => createSelfSignedCertificate({ signature, hash: HashAlgorithm.sha256_4 }, NamedCurveAlgorithm.secp256r1_23);

/** Everybody who had a call with somebody has their certificate, and SDP names no more: only its key tells who it is. */
describe.each(['client', 'server'] as const)('who shows a certificate as DTLS %s', (role) => {
  let ours: ChannelMedia;
  let theirs: PhoneMedia;
  let heard: number;
  let errors: string[];
  beforeEach(() => {
    heard = 0;
    errors = [];
    ours = new ChannelMedia({ address: '127.0.0.1', monotonic: () => performance.now(), onError: (error) => errors.push(error instanceof Error ? error.message : String(error)) });
    ours.leg.onAudio = () => void heard++;
    theirs = new PhoneMedia(440, 'pcmu');
  });
  afterEach(() => {
    theirs.close();
    ours.close();
  });

  async function connect(certificate: RTCCertificate): Promise<void> {
    await theirs.startOver(certificate);
    const { body } = await theirs.getDescription();
    await theirs.setDescription(must(await ours.answerTo(role === 'server' ? body.replace('a=setup:actpass', 'a=setup:passive') : body)));
  }

  it.each([['an elliptic key', SignatureAlgorithm.ecdsa_3], ['RSA', SignatureAlgorithm.rsa_1]] as const)('and has its key, %s, is heard', async (_what, algorithm) => {
    const { keyPem, certPem, signatureHash } = await made(algorithm);
    await connect(new RTCCertificate(keyPem, certPem, signatureHash));
    await until('audio', () => heard > 10);
    expect(errors).toEqual([]);
  });

  it('failure: and has another key, gets no audio and gives none', async () => {
    const [victim, own] = [await made(SignatureAlgorithm.ecdsa_3), await made(SignatureAlgorithm.ecdsa_3)];
    await connect(new RTCCertificate(own.keyPem, victim.certPem, victim.signatureHash));
    await until('the handshake is broken off', () => errors.length > 0 || heard > 10);
    expect(errors).toEqual(['no proof of the certificate’s key']);
    expect(heard).toBe(0);
    expect(theirs.counts.received).toBe(0);
  });
});
