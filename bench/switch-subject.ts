import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { RTCPeerConnection, RTCRtpCodecParameters } from 'werift';
import { createEmbeddedSwitch } from '../center/switch/embedded/index.ts';
import type { ChannelId } from '../center/switch/port.ts';

/*
 * The process that is measured: `switch` bridges every two callers of one number, `echo` is bare werift sending
 * each packet back. The parent reads its CPU time by message; the process ends with its parent.
 */

const mode = process.argv[2] === 'echo' ? 'echo' : 'switch';
const server = mode === 'switch' ? await serveSwitch() : serveEcho();
server.listen(0, '127.0.0.1');
await once(server, 'listening');

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, at: performance.now() });
});
process.on('disconnect', () => process.exit());
process.send?.({ port: (server.address() as AddressInfo).port });

async function serveSwitch(): Promise<Server> {
  const port = createEmbeddedSwitch({
    mediaAddress: '127.0.0.1',
    announcementsDir: '.',
    logger: { info: () => {}, warn: () => {} },
    trunk: () => null,
  });
  const waiting = new Map<string, ChannelId>();
  port.onEvent((event) => {
    if (event.type === 'channel.arrived') void bridge(event.channel.channelId, event.channel.dialled);
  });
  async function bridge(channelId: ChannelId, dialled: string): Promise<void> {
    await port.answer(channelId);
    const first = waiting.get(dialled);
    if (first === undefined) {
      waiting.set(dialled, channelId);
      return;
    }
    await port.createBridge(dialled);
    await port.joinBridge(dialled, first);
    await port.joinBridge(dialled, channelId);
  }
  await port.start();
  for (let i = 0; i < 400; i++) await port.putEndpoint({ user: `u${i}`, password: 'bench', displayName: '', callerNumber: `${1000 + i}` });
  const http = createServer();
  http.on('upgrade', (request: IncomingMessage, socket, head: Buffer) => port.handleUpgrade(request, socket, head));
  return http;
}

function serveEcho(): Server {
  return createServer((request, response) => {
    void text(request).then(async (offer) => response.end(await echo(offer)));
  });
}

async function echo(offer: string): Promise<string> {
  const peer = new RTCPeerConnection({
    codecs: { audio: [new RTCRtpCodecParameters({ mimeType: 'audio/PCMU', clockRate: 8000, channels: 1, payloadType: 0 })] },
    iceServers: [],
    iceUseIpv4: false,
    iceUseIpv6: false,
    iceAdditionalHostAddresses: ['127.0.0.1'],
  });
  const transceiver = peer.addTransceiver('audio', { direction: 'sendrecv' });
  transceiver.onTrack.subscribe((track) => void transceiver.sender.replaceTrack(track));
  await peer.setRemoteDescription({ type: 'offer', sdp: offer });
  await peer.setLocalDescription(await peer.createAnswer());
  return peer.localDescription?.sdp ?? '';
}
