import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../agent/clock.ts';
import { silentLogger } from '../../agent/logger.ts';
import { Phone } from '../../agent/phone/index.ts';
import { asteriskFiles, operatorConfig, type AsteriskConfig } from '../../scripts/asterisk/config.ts';
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { freeTcpPort, freeUdpPort } from '../../scripts/asterisk/ports.ts';
import { endAsterisk, startAsterisk } from '../support/asterisk.ts';
import { until } from '../support/until.ts';
import { untrustedCertificate, untrustedKey } from '../support/untrusted-server.ts';
import { must } from '../switch/stage.ts';
import { AudioWindow } from '../server/agent/support/audio-window.ts';

const CARRIER_HZ = 1000;

/** The carrier is another Asterisk: it registers its subscriber, and answers calls of theirs with a tone. */
const carrierAccounts = `
[07012345678]
type=endpoint
context=carrier
disallow=all
allow=alaw
auth=07012345678
aors=07012345678
trust_id_inbound=yes
[07012345678]
type=auth
auth_type=digest
username=07012345678
password=carrier-secret
[07012345678]
type=aor
max_contacts=1
`;
const carrierDialplan = `
[carrier]
exten => 0212345678,1,Set(DB(seen/caller)=\${CALLERID(num)})
 same => n,Answer()
 same => n,Playtones(${CARRIER_HZ})
 same => n,Wait(60)
`;

/** What an operator does: takes the comment signs off a section, and fills in what is theirs. */
const uncommented = (text: string, from: string, to: string, fillIn: Record<string, string>): string => {
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  if (start === -1 || end < start) throw new Error(`no ${from} before ${to}`);
  const section = Object.entries(fillIn).reduce((filled, [example, own]) => {
    if (!filled.includes(example)) throw new Error(`no ${example} to fill in`);
    return filled.replaceAll(example, own);
  }, text.slice(start, end));
  return text.slice(0, start) + section.replaceAll(/^;(?=[[a-z])/gm, '') + text.slice(end);
};

/** No center here: calls from the office go straight to the trunk. */
const office = `
[101]
type=endpoint
context=office
webrtc=yes
disallow=all
allow=ulaw
auth=101
aors=101
callerid=<15880000>
[101]
type=auth
auth_type=digest
username=101
password=plain-password
[101]
type=aor
max_contacts=1
`;

describe('the configuration that operators get, with its comments taken off', () => {
  let carrier: RunningAsterisk;
  let asterisk: RunningAsterisk;
  let folder: string;
  let wssPort: number;

  beforeAll(async () => {
    carrier = await startAsterisk({ pjsip: carrierAccounts, extensions: carrierDialplan });
    folder = await mkdtemp(join(tmpdir(), 'sangdam-operator-'));
    const [cert, key] = [join(folder, 'fullchain.pem'), join(folder, 'privkey.pem')];
    await Promise.all([writeFile(cert, untrustedCertificate), writeFile(key, untrustedKey)]);
    wssPort = await freeTcpPort();
    const own: Partial<AsteriskConfig> & Pick<AsteriskConfig, 'ariPassword'> = {
      httpAddress: '127.0.0.1', httpPort: await freeTcpPort(), sipAddress: '127.0.0.1', sipPort: await freeUdpPort(), ariPassword: 'test-password',
      pjsip: office, extensions: '\n[office]\nexten => _0X.,1,Dial(PJSIP/${EXTEN}@sangdam-trunk,30)\n',
    };
    const files = asteriskFiles({ ...operatorConfig, ...own });
    const keys = { '/etc/asterisk/keys/fullchain.pem': cert, '/etc/asterisk/keys/privkey.pem': key };
    const tls = uncommented(files['pjsip.conf'] ?? '', ';[sangdam-tls]', '; --- A trunk by IP', { ...keys, '127.0.0.1:5061': `127.0.0.1:${await freeTcpPort()}` });
    const byAddress = uncommented(tls, ';[sangdam-trunk]', '; --- A trunk by registration', { '192.0.2.1:5060': carrier.sipAddress, 'match=192.0.2.1': 'match=127.0.0.1' });
    const registered = uncommented(byAddress, ';[sangdam-trunk-auth]', '[101]', { 'password=...': 'password=carrier-secret', 'sip.carrier.example': carrier.sipAddress });
    const https = uncommented(`${files['http.conf'] ?? ''};end`, ';tlsenable', ';end', { ...keys, '127.0.0.1:8089': `127.0.0.1:${wssPort}` });
    asterisk = await startAsterisk({ ...own, files: { 'pjsip.conf': registered, 'http.conf': https } });
  });
  afterAll(async () => {
    for (const each of [asterisk, carrier]) if (each !== undefined) await endAsterisk(each);
    await rm(folder, { recursive: true, force: true });
  });

  it('registers at its carrier', async () => {
    await until('it is registered', async () => /Registered/.test(await asterisk.cli('pjsip show registrations')));
    expect(await carrier.cli('pjsip show contacts')).toContain('07012345678/sip:07012345678@');
  });

  it('offers TLS to desk phones', async () => {
    expect(await asterisk.cli('pjsip show transports')).toMatch(/sangdam-tls\s+tls/);
  });

  it("lets a desk's phone in by WSS, whose call goes out through the trunk and shows whose it is", async () => {
    const audio = new AudioWindow(1300);
    const phone = new Phone({
      credential: { url: `wss://127.0.0.1:${wssPort}/ws`, domain: '127.0.0.1', user: '101', password: 'plain-password', iceServers: [], rejoin: 'reinvite' },
      ca: untrustedCertificate, clock: systemClock, log: silentLogger,
    });
    phone.claimMedia((request) => audio.take(request, (answer) => phone.answerMedia(answer)));
    phone.start();
    await until('the phone is registered', () => phone.registered);
    must(await phone.dial('0212345678', 'call'));
    await until('it is answered', () => phone.views().some(({ state }) => state.name === 'established'));
    await audio.audio.ear.hears([CARRIER_HZ]);
    expect(await carrier.cli('database get seen caller')).toContain('15880000');
    must(await phone.hangUp('call'));
    await phone.stop();
    audio.close();
  });
});
