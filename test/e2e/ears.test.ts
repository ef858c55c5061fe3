import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, Party } from '../support/browser.ts';

/** The instrument itself: two plain pages with a G.711 peer connection between them, and music from a file. */
describe('ears', () => {
  let browser: Browser;
  let server: Server;
  let origin: string;
  let left: Party;
  let right: Party;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const sound = { '/music.wav': 'announcements/music.wav', '/ring.wav': 'sounds/ring.wav' }[request.url ?? ''];
      if (sound !== undefined) {
        response.setHeader('content-type', 'audio/wav');
        response.end(await readFile(join(import.meta.dirname, '../../resources', sound)));
        return;
      }
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>plain</title>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
    left = await Party.create(browser, 'agent1');
    right = await Party.create(browser, 'customer1');
    await Promise.all([left.page.goto(origin), right.page.goto(origin)]);
    const offer = await left.page.evaluate(offerCall);
    const answer = await right.page.evaluate(answerCall, offer);
    await left.page.evaluate((sdp) => window.connection.setRemoteDescription({ type: 'answer', sdp }), answer);
  });

  afterAll(async () => {
    await browser?.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('tell who is heard over G.711, both ways', async () => {
    await Promise.all([left.hearsOnly('customer1'), right.hearsOnly('agent1')]);
  });

  it('notice a muted microphone, and a muted loudspeaker', async () => {
    await left.page.evaluate(() => window.connection.getSenders().forEach((sender) => sender.track && (sender.track.enabled = false)));
    await Promise.all([right.hearsNobody(), left.hearsOnly('customer1')]);
    await left.page.evaluate(() => (window.loudspeaker.muted = true));
    await left.hearsNobody();
    await left.page.evaluate(() => (window.loudspeaker.muted = false));
    await left.hearsOnly('customer1');
  });

  it('know the hold music from voices', async () => {
    await right.page.evaluate(playMusic, `${origin}/music.wav`);
    await left.hearsMusic();
  });

  it('hear the ring from a file, and notice a notification', async () => {
    await right.page.evaluate(async (url) => {
      const ringer = new Audio(url);
      ringer.loop = true;
      await ringer.play();
      new Notification('somebody calls').close();
    }, `${origin}/ring.wav`);
    await Promise.all([right.hearsRinging(), right.isNotified('somebody')]);
  });

  it('fail with what was measured', async () => {
    await expect(left.page.evaluate(() => window.ears.listen({ presentHz: [2115], absentHz: [], steadyMs: 100, timeoutMs: 300 }))).resolves.toMatchObject({
      ok: false,
      sources: 1,
    });
  });
});

declare global {
  interface Window {
    connection: RTCPeerConnection;
    loudspeaker: HTMLAudioElement;
  }
}

async function offerCall(): Promise<string> {
  const connection = new RTCPeerConnection();
  window.connection = connection;
  window.loudspeaker = new Audio();
  connection.ontrack = ({ track }) => {
    window.loudspeaker.srcObject = new MediaStream([track]);
    void window.loudspeaker.play();
  };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const transceiver = connection.addTransceiver(stream.getAudioTracks()[0] ?? 'audio', { direction: 'sendrecv' });
  const codecs = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
  transceiver.setCodecPreferences(codecs.filter((codec) => codec.mimeType === 'audio/PCMU'));
  await connection.setLocalDescription();
  await new Promise<void>((resolve) => {
    connection.onicegatheringstatechange = () => connection.iceGatheringState === 'complete' && resolve();
    if (connection.iceGatheringState === 'complete') resolve();
  });
  return connection.localDescription?.sdp ?? '';
}

async function answerCall(offer: string): Promise<string> {
  const connection = new RTCPeerConnection();
  window.connection = connection;
  window.loudspeaker = new Audio();
  connection.ontrack = ({ track }) => {
    window.loudspeaker.srcObject = new MediaStream([track]);
    void window.loudspeaker.play();
  };
  await connection.setRemoteDescription({ type: 'offer', sdp: offer });
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  for (const track of stream.getTracks()) connection.addTrack(track, stream);
  await connection.setLocalDescription();
  await new Promise<void>((resolve) => {
    connection.onicegatheringstatechange = () => connection.iceGatheringState === 'complete' && resolve();
    if (connection.iceGatheringState === 'complete') resolve();
  });
  return connection.localDescription?.sdp ?? '';
}

/** Sends the music file in place of the voice. */
async function playMusic(url: string): Promise<void> {
  const context = new AudioContext();
  const buffer = await context.decodeAudioData(await (await fetch(url)).arrayBuffer());
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  const destination = new MediaStreamAudioDestinationNode(context);
  source.connect(destination);
  source.start();
  const [track = null] = destination.stream.getAudioTracks();
  await window.connection.getSenders()[0]?.replaceTrack(track);
}
