import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freeUdpPort } from '../../scripts/asterisk/ports.ts';
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { run } from '../../scripts/run.ts';
import { endAsterisk, startAsterisk } from '../support/asterisk.ts';
import { CenterProcess } from '../support/center-process.ts';
import { createSipPhone } from '../support/sip-phone/index.ts';
import { until } from '../support/until.ts';

const CALLS = 100;
const CALLS_A_SECOND = 20;

/** SIPp, from Debian's package `sip-tester`; installed where it is missing. */
async function sipp(...args: string[]): Promise<{ code: number; output: string }> {
  const found = await run('which', ['sipp'], { output: 'keep' });
  if (found.code !== 0) await run('apt-get', ['install', '-y', '--no-install-recommends', 'sip-tester'], { output: 'keep', env: { DEBIAN_FRONTEND: 'noninteractive' } });
  return run('sipp', ['-nostdin', '-i', '127.0.0.1', ...args], { output: 'keep', env: { TERM: 'dumb' } });
}

/** A carrier known by its address, whose own end is the `carrier` port. */
const carrier = (port: number): string => `
[sangdam-trunk]
type=endpoint
transport=sangdam-udp
context=sangdam-trunk
disallow=all
allow=alaw,ulaw
direct_media=no
aors=sangdam-trunk
[sangdam-trunk]
type=aor
contact=sip:127.0.0.1:${port}
[sangdam-trunk]
type=identify
endpoint=sangdam-trunk
match=127.0.0.1
`;

describe('a trunk, with SIPp as the carrier', () => {
  let asterisk: RunningAsterisk;
  let center: CenterProcess;
  let dataFolder: string;
  let port: number;

  beforeAll(async () => {
    port = await freeUdpPort();
    asterisk = await startAsterisk({ pjsip: carrier(port) });
    dataFolder = await mkdtemp(join(tmpdir(), 'sangdam-trunk-'));
    center = await CenterProcess.start({
      SANGDAM_DATA: dataFolder, SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: asterisk.ariUrl,
      SANGDAM_ARI_USER: asterisk.config.ariUser, SANGDAM_ARI_PASSWORD: asterisk.config.ariPassword, SANGDAM_ASTERISK_TRUNK: 'sangdam-trunk',
    });
  });
  afterAll(async () => {
    await center?.stop();
    if (asterisk !== undefined) await endAsterisk(asterisk);
    await rm(dataFolder, { recursive: true, force: true });
  });

  const nothingIsLeft = (): Promise<unknown> =>
    until('no channel and no bridge is left', async () => {
      const [channels, bridges] = await Promise.all([asterisk.cli('core show channels count'), asterisk.cli('bridge show all')]);
      return channels.includes('0 active channels') && bridges.trim().split('\n').length === 1;
    }, 20_000);

  it(`brings ${CALLS} customers into the flow, and leaves nothing behind`, async () => {
    const { code, output } = await sipp('-sn', 'uac', '-s', '15880000', '-p', String(port), '-m', String(CALLS), '-r', String(CALLS_A_SECOND), '-d', '1000', '-timeout', '60', asterisk.sipAddress);
    if (code !== 0) throw new Error(output.slice(-2000));
    await nothingIsLeft();
    expect(center.lines.filter(({ msg }) => msg === 'contact started')).toHaveLength(CALLS);
  });

  it.each([404, 486, 503, 603])('that answers %i ends the call to the outside, and the caller is told', async (status) => {
    const scenario = join(dataFolder, `refuse-${status}.xml`);
    await writeFile(scenario, `<?xml version="1.0"?><scenario name="refuse"><recv request="INVITE"/><send><![CDATA[SIP/2.0 ${status} No
[last_Via:]
[last_From:]
[last_To:];tag=[pid]SIPp[call_number]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send><recv request="ACK"/></scenario>`);
    const far = sipp('-sf', scenario, '-p', String(port), '-m', '1', '-timeout', '20');
    const phone = createSipPhone({ url: asterisk.sipUrl, user: '1901', password: 'desk-phone', toneHz: 440 });
    await phone.register();
    const call = await phone.call('0212345678');
    await call.ended(10_000);
    expect((await far).code).toBe(0);
    await phone.close();
    await nothingIsLeft();
    expect((await center.health())['ok']).toBe(true);
  });
});
