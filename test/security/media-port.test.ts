import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until, type PhoneCall } from '../support/sip-phone/index.ts';
import { makeEmbedded } from '../switch/make-embedded.ts';
import { Stage, TONES } from '../switch/stage.ts';

/** DTLS 1.2, epoch 0, in the clear: close_notify, and a fatal one. */
const alert = (level: number, description: number): Buffer => Buffer.from([21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, level, description]);

/** A connectivity check that takes the pair, with no credentials worth the name. */
function check(username: string): Buffer {
  const name = Buffer.from(username.padEnd(Math.ceil(username.length / 4) * 4, 'x'));
  const attribute = (type: number, value: Buffer): Buffer => Buffer.concat([Buffer.from([type >> 8, type & 255, value.length >> 8, value.length & 255]), value]);
  const body = Buffer.concat([attribute(0x0006, name), attribute(0x0024, Buffer.from([110, 0, 1, 255])), attribute(0x802a, Buffer.alloc(8)), attribute(0x0025, Buffer.alloc(0)), attribute(0x0008, randomBytes(20))]);
  const header = Buffer.from([0, 1, body.length >> 8, body.length & 255, 0x21, 0x12, 0xa4, 0x42]);
  return Buffer.concat([header, randomBytes(12), body]);
}

/** The media port of the embedded switch, spoken to by whoever likes: a call goes on, and nothing of it is for them. */
describe('a media port', () => {
  let stage: Stage;
  let stranger: Socket;
  let heard: number;
  let calls: PhoneCall[];
  let port: number;
  let ufrag: string;

  beforeEach(async () => {
    stage = await Stage.open((fixtures) => makeEmbedded(fixtures));
    const { parties } = await stage.bridged('1001', '1002');
    calls = parties.map(({ call }) => call);
    const description = calls[0]?.media?.farDescription ?? '';
    port = Number(/^m=audio (\d+)/m.exec(description)?.[1]);
    ufrag = /^a=ice-ufrag:(\S+)/m.exec(description)?.[1] ?? '';
    heard = 0;
    stranger = createSocket('udp4', () => void heard++);
    stranger.bind(0, '127.0.0.1');
    await once(stranger, 'listening');
  });
  afterEach(async () => {
    stranger.close();
    await stage.close();
  });

  const send = (datagram: Buffer): Promise<unknown> => new Promise((resolve) => stranger.send(datagram, port, '127.0.0.1', resolve));

  async function bothHear(): Promise<void> {
    const before = calls.map(({ counts }) => counts.received);
    await until('two seconds of audio both ways', () => calls.every(({ counts }, i) => counts.received > (before[i] ?? 0) + 100));
    await calls[0]?.hears(TONES['1002']);
    await calls[1]?.hears(TONES['1001']);
  }

  it.each<[string, () => Buffer]>([
    ['a DTLS alert that closes', () => alert(1, 0)],
    ['a fatal DTLS alert', () => alert(2, 40)],
    ['a check without credentials', () => check('someone:else')],
    ['a check with the name that was overheard, and no password', () => check(`${ufrag}:else`)],
    ['RTP in the clear', () => Buffer.concat([Buffer.from([128, 0, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4]), Buffer.alloc(160)])],
    ['a DTLS handshake cut short', () => Buffer.from([22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 1, 0, 0, 0])],
    ['STUN that breaks off', () => check('a:b').subarray(0, 30)],
    ['nothing at all', () => Buffer.alloc(0)],
  ])('bears %s of a stranger', async (_what, datagram) => {
    for (let i = 0; i < 20; i++) await send(datagram());
    await bothHear();
    expect(heard).toBe(0);
    expect(calls.every(({ isUp }) => isUp)).toBe(true);
  });
});
