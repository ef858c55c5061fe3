import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../agent/clock.ts';
import { silentLogger } from '../../agent/logger.ts';
import { Phone } from '../../agent/phone/index.ts';
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { endAsterisk, startAsterisk } from '../support/asterisk.ts';
import { createSipPhone, type SipPhone } from '../support/sip-phone/index.ts';
import { until } from '../support/until.ts';
import { must } from '../switch/stage.ts';
import { AudioWindow } from '../server/agent/support/audio-window.ts';

const OWN_HZ = 1300;
const FAR_HZ = { '102': 620, '103': 880 } as const;
const PASSWORD = 'plain-password';

/** Accounts and a dialplan as any Asterisk has them, with no center anywhere. */
const accounts = ['101', '102', '103'].map((user) => `
[${user}]
type=endpoint
context=office
webrtc=yes
disallow=all
allow=ulaw
auth=${user}
aors=${user}
direct_media=no
[${user}]
type=auth
auth_type=digest
username=${user}
password=${PASSWORD}
[${user}]
type=aor
max_contacts=1
remove_existing=yes
`).join('');
const dialplan = `
[office]
exten => _10X,1,Dial(PJSIP/\${EXTEN},30)
`;

describe("the desktop's own phone on an Asterisk without a center", () => {
  let asterisk: RunningAsterisk;
  let phone: Phone;
  let audio: AudioWindow;
  let colleagues: SipPhone[];

  beforeAll(async () => {
    asterisk = await startAsterisk({ pjsip: accounts, extensions: dialplan });
  });
  afterAll(async () => {
    if (asterisk !== undefined) await endAsterisk(asterisk);
  });

  beforeEach(async () => {
    audio = new AudioWindow(OWN_HZ);
    phone = new Phone({ credential: { url: asterisk.sipUrl, domain: '127.0.0.1', user: '101', password: PASSWORD, iceServers: [], rejoin: 'reinvite' }, clock: systemClock, log: silentLogger });
    phone.claimMedia((request) => audio.take(request, (answer) => phone.answerMedia(answer)));
    phone.start();
    colleagues = (['102', '103'] as const).map((user) => createSipPhone({ url: asterisk.sipUrl, user, password: PASSWORD, toneHz: FAR_HZ[user] }));
    await Promise.all(colleagues.map((colleague) => colleague.register()));
    await until('the phone is registered', () => phone.registered);
  });
  afterEach(async () => {
    await phone.stop();
    audio.close();
    await Promise.all(colleagues.map((colleague) => colleague.close()));
  });

  const stateOf = (key: string) => phone.views().find((dialog) => dialog.key === key)?.state;

  /** Dials a colleague, who answers. */
  const talk = async (number: '102' | '103', key: string) => {
    must(await phone.dial(number, key));
    const colleague = colleagues[number === '102' ? 0 : 1];
    const call = await (await colleague?.incoming(10_000))?.answer();
    await until('established', () => stateOf(key)?.name === 'established');
    if (call === undefined) throw new Error('nobody was called');
    return call;
  };

  it('calls, is heard and hears, holds and resumes', async () => {
    const call = await talk('102', 'first');
    await Promise.all([call.hears(OWN_HZ), audio.audio.ear.hears([FAR_HZ['102']])]);
    must(await phone.hold('first'));
    expect(stateOf('first')).toMatchObject({ hold: 'held' });
    await audio.audio.ear.silent();
    must(await phone.resume('first'));
    await Promise.all([call.hears(OWN_HZ), audio.audio.ear.hears([FAR_HZ['102']])]);
    must(await phone.hangUp('first'));
    await call.ended();
  });

  it('hands a call over blind by REFER', async () => {
    const call = await talk('102', 'first');
    must(await phone.refer('first', '103'));
    const third = await (await colleagues[1]?.incoming(10_000))?.answer();
    await Promise.all([call.hears(FAR_HZ['103']), third?.hears(FAR_HZ['102'])]);
    expect(call.isUp).toBe(true);
  });

  it('asks first and hands over by REFER with Replaces', async () => {
    const call = await talk('102', 'first');
    must(await phone.hold('first'));
    const third = await talk('103', 'second');
    await third.hears(OWN_HZ);
    must(await phone.referTo('first', 'second'));
    await Promise.all([call.hears(FAR_HZ['103'], [OWN_HZ]), third.hears(FAR_HZ['102'], [OWN_HZ])]);
    expect([call.isUp, third.isUp]).toEqual([true, true]);
  });
});
