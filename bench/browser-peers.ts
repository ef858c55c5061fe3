import { readFile } from 'node:fs/promises';
import { createServer, type Server as HttpServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { Server } from 'socket.io';
import { Party } from '../test/support/browser.ts';
import { voices } from '../test/support/tones.ts';

/*
 * What the browser's own benchmarks are measured against: the same technology with nothing of ours in it.
 */

declare global {
  interface Window {
    /** Socket.IO's own client bundle. */
    io: (options: { transports: string[] }) => { on(event: 'shown', listener: (sentAt: number) => void): void };
    painted: number[];
    peer: RTCPeerConnection;
  }
}

/** An empty page, and a server of Socket.IO that sends it messages. */
export class BarePage {
  private readonly http: HttpServer;
  private readonly server: Server;
  private readonly party: Party;
  private rounds = 0;

  private constructor(http: HttpServer, server: Server, party: Party) {
    this.http = http;
    this.server = server;
    this.party = party;
  }

  static async open(browser: Browser): Promise<BarePage> {
    const script = await readFile(join(dirname(createRequire(import.meta.url).resolve('socket.io/package.json')), 'client-dist/socket.io.min.js'));
    const http = createServer((request, response) => {
      const isScript = request.url === '/client.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? script : '<!doctype html><title>bare</title><p></p><script src="/client.js"></script>');
    });
    const server = new Server(http, { transports: ['websocket'] });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const party = await Party.create(browser, 'agent1');
    const connected = new Promise<void>((resolve) => server.once('connection', () => resolve()));
    await party.page.goto(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
    await party.page.evaluate(() => {
      window.painted = [];
      const text = document.querySelector('p');
      window.io({ transports: ['websocket'] }).on('shown', (sentAt) => {
        if (text !== null) text.textContent = `${sentAt}`;
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.addEventListener('message', () => window.painted.push(Date.now() - sentAt));
          port1.start();
          port2.postMessage(null);
        });
      });
    });
    await connected;
    return new BarePage(http, server, party);
  }

  /** Puts a message into the page. @returns milliseconds from sending to painted */
  async paint(): Promise<number> {
    const round = this.rounds++;
    await atRest(this.party.page);
    this.server.emit('shown', Date.now());
    await this.party.page.waitForFunction((count) => window.painted.length > count, round, { polling: 10 });
    return this.party.page.evaluate((index) => window.painted[index] ?? Number.NaN, round);
  }

  async close(): Promise<void> {
    await this.party.close();
    await this.server.close();
    this.http.closeAllConnections();
  }
}

/** Waits until a page has nothing left to do of what came before: the next message finds it as one that waits for it would be. */
export const atRest = (page: Page): Promise<void> => page.evaluate(() => new Promise<void>((resolve) => void requestIdleCallback(() => resolve())));

/** Two empty pages that call each other over G.711. @returns milliseconds from the offer to audio both ways */
export async function bareCall(browser: Browser): Promise<number> {
  const http = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>bare</title>'));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const [caller, callee] = await Promise.all([Party.create(browser, 'supervisor'), Party.create(browser, 'customer1')]);
  try {
    const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    await Promise.all([caller.page.goto(address), callee.page.goto(address)]);
    await Promise.all([caller.page.evaluate(prepare), callee.page.evaluate(prepare)]);
    const sounds = [caller.page.evaluate((hz) => window.ears.firstHeard(hz, 10_000), voices.customer1), callee.page.evaluate((hz) => window.ears.firstHeard(hz, 10_000), voices.supervisor)];
    const started = Date.now();
    const offer = await caller.page.evaluate(describeWith, null);
    const answer = await callee.page.evaluate(describeWith, offer);
    await caller.page.evaluate((sdp) => window.peer.setRemoteDescription({ type: 'answer', sdp }), answer);
    const heard = await Promise.all(sounds);
    if (heard.includes(null)) throw new Error('two bare pages did not hear each other');
    return Math.max(...heard.map(Number)) - started;
  } finally {
    await Promise.all([caller.close(), callee.close()]);
    await new Promise((resolve) => http.close(resolve));
  }
}

/** In the page: a peer connection with a microphone and a loudspeaker. */
async function prepare(): Promise<void> {
  window.peer = new RTCPeerConnection();
  window.peer.addEventListener('track', ({ track }) => {
    const loudspeaker = new Audio();
    loudspeaker.srcObject = new MediaStream([track]);
    void loudspeaker.play();
  });
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  for (const track of stream.getTracks()) window.peer.addTrack(track, stream);
  const codecs = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
  for (const transceiver of window.peer.getTransceivers()) transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType === 'audio/PCMU'));
}

/** In the page: the offer, or the answer to `offer`, with all candidates. */
async function describeWith(offer: string | null): Promise<string> {
  const { peer } = window;
  if (offer !== null) await peer.setRemoteDescription({ type: 'offer', sdp: offer });
  await peer.setLocalDescription();
  await new Promise<void>((resolve) => {
    const check = () => peer.iceGatheringState === 'complete' && resolve();
    peer.addEventListener('icegatheringstatechange', check);
    check();
  });
  return peer.localDescription?.sdp ?? '';
}
