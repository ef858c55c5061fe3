import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { endAsterisk, startAsterisk } from '../support/asterisk.ts';
import { Baresip } from '../support/baresip.ts';
import { CenterProcess } from '../support/center-process.ts';
import { createSipPhone, type SipPhone } from '../support/sip-phone/index.ts';

const BARESIP_HZ = 500;

describe('a desk phone that nobody here wrote (baresip, UDP and plain RTP)', () => {
  let asterisk: RunningAsterisk;
  let center: CenterProcess;
  let dataFolder: string;
  let deskPhone: Baresip;
  const phones: SipPhone[] = [];

  beforeAll(async () => {
    asterisk = await startAsterisk();
    dataFolder = await mkdtemp(join(tmpdir(), 'sangdam-desk-phone-'));
    center = await CenterProcess.start({
      SANGDAM_DATA: dataFolder, SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: asterisk.ariUrl,
      SANGDAM_ARI_USER: asterisk.config.ariUser, SANGDAM_ARI_PASSWORD: asterisk.config.ariPassword,
    });
    deskPhone = await Baresip.start({ user: '1901', password: 'desk-phone', sipAddress: asterisk.sipAddress, toneHz: BARESIP_HZ });
  });
  afterEach(() => Promise.all(phones.splice(0).map((phone) => phone.close())));
  afterAll(async () => {
    await deskPhone?.stop();
    await center?.stop();
    if (asterisk !== undefined) await endAsterisk(asterisk);
    await rm(dataFolder, { recursive: true, force: true });
  });

  const phone = async (user: string, password: string): Promise<SipPhone> => {
    const made = createSipPhone({ url: asterisk.sipUrl, user, password, toneHz: 440 });
    phones.push(made);
    await made.register();
    return made;
  };

  it('is called by a phone in a browser, and is heard there', async () => {
    const call = await (await phone('1902', 'desk-phone')).call('1901');
    await call.answered(10_000);
    await call.hears(BARESIP_HZ, [440]);
    await call.hangUp();
    expect(call.hasEnded).toBe(true);
  });

  it('is called again at once after a call', async () => {
    const caller = await phone('1903', 'desk-phone');
    for (let i = 0; i < 3; i++) {
      const call = await caller.call('1901');
      await call.answered(10_000);
      await call.hears(BARESIP_HZ);
      await call.hangUp();
    }
    expect(caller.calls).toHaveLength(3);
  });
});
