import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { freeUdpPort } from '../../scripts/asterisk/ports.ts';
import { endAsterisk, startAsterisk } from '../support/asterisk.ts';
import { CenterProcess } from '../support/center-process.ts';
import { fillOffice } from '../support/office-store.ts';
import { tortureBytes } from '../support/sip-torture.ts';
import { sipp } from '../support/sipp/index.ts';
import { customerCall, stay } from '../support/sipp/scenarios.ts';
import { nothingIsLeft, trunkTo } from '../support/trunk.ts';
import { until } from '../support/until.ts';

/** A carrier that says what RFC 4475 says, over UDP, and hears what comes back. */
describe('a trunk whose carrier sends the messages of RFC 4475', () => {
  let asterisk: RunningAsterisk;
  let center: CenterProcess;
  let dataFolder: string;
  let carrier: Socket;
  let heard: string[];

  beforeAll(async () => {
    heard = [];
    carrier = createSocket('udp4', (message) => void heard.push(message.toString('latin1')));
    carrier.bind(0, '127.0.0.1');
    await once(carrier, 'listening');
    asterisk = await startAsterisk({ pjsip: trunkTo(carrier.address().port) });
    dataFolder = await mkdtemp(join(tmpdir(), 'sangdam-torture-'));
    await fillOffice(dataFolder);
    center = await CenterProcess.start({
      SANGDAM_DEMO: '0', SANGDAM_DATA: dataFolder, SANGDAM_SWITCH: 'asterisk', SANGDAM_ARI_URL: asterisk.ariUrl,
      SANGDAM_ARI_USER: asterisk.config.ariUser, SANGDAM_ARI_PASSWORD: asterisk.config.ariPassword, SANGDAM_ASTERISK_TRUNK: 'sangdam-trunk',
    });
  });
  afterAll(async () => {
    carrier?.close();
    await center?.stop();
    if (asterisk !== undefined) await endAsterisk(asterisk);
    await rm(dataFolder, { recursive: true, force: true });
  });

  function send(message: Buffer | string): void {
    const [host = '', port = ''] = asterisk.sipAddress.split(':');
    carrier.send(message, Number(port), host);
  }

  /** Asterisk answers an OPTIONS, and so has taken whatever was sent before it. */
  async function asteriskAnswers(name: string): Promise<void> {
    const { port } = carrier.address();
    const id = `alive-after-${name}`;
    send([
      `OPTIONS sip:${asterisk.sipAddress} SIP/2.0`, `Via: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bK-${id}`, 'Max-Forwards: 70', `From: <sip:carrier@127.0.0.1>;tag=${id}`,
      `To: <sip:${asterisk.sipAddress}>`, `Call-ID: ${id}`, 'CSeq: 1 OPTIONS', 'Content-Length: 0', '', '',
    ].join('\r\n'));
    await until(`Asterisk answers after ${name}`, () => heard.some((text) => text.startsWith('SIP/2.0 ') && text.includes(id)), 5000);
  }

  const started = (): number => center.lines.filter(({ msg }) => msg === 'contact started').length;

  it.each([...tortureBytes('valid'), ...tortureBytes('invalid')])('bears %s', async (name, message) => {
    send(message);
    await asteriskAnswers(name);
    expect(heard.filter((text) => text.startsWith('INVITE '))).toEqual([]);
    expect(started()).toBe(0);
  });

  it('has nothing left of them, and takes a customer’s call as ever', async () => {
    await nothingIsLeft(asterisk);
    await sipp({ port: await freeUdpPort(), to: asterisk.sipAddress, scenario: customerCall(stay(500)), fields: [['01050000001']], service: '15880000', calls: 1, callsASecond: 1 });
    await until('the customer’s call has ended', () => center.lines.some(({ msg }) => msg === 'contact ended'));
    expect(started()).toBe(1);
    await nothingIsLeft(asterisk);
  });
});
