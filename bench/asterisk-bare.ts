import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';

/*
 * The least there can be: one ARI loop without a feature. A call rings at the agent who is free longest; when they
 * answer, the caller is answered and bridged; one end ends both.
 */

const [, , ariUrl = '', password = '', count = '0'] = process.argv;
const APP = 'bare';
const free = Array.from({ length: Number(count) }, (_, i) => `PJSIP/${20_000 + i}`);
const waiting: string[] = [];
const partner = new Map<string, string>();
const endpointOf = new Map<string, string>();
const bridgeOf = new Map<string, string>();
const socket = new WebSocket(`${ariUrl.replace(/^http/, 'ws')}/events?app=${APP}`, { headers: { authorization: `Basic ${Buffer.from(`sangdam:${password}`).toString('base64')}` }, perMessageDeflate: false });

socket.on('open', () => process.send?.({ ready: free.length }));
socket.on('message', (data: Buffer) => hear(JSON.parse(data.toString())));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, leaked: bridgeOf.size });
});
process.on('disconnect', () => process.exit());

interface Event {
  type: string;
  args?: string[];
  channel?: { id: string; caller: { number: string } };
}
const callers = new Map<string, string>();

function hear({ type, args = [], channel }: Event): void {
  if (channel === undefined) return;
  if (type === 'StasisStart' && args[0] === 'agent') connect(channel.id);
  else if (type === 'StasisStart') {
    callers.set(channel.id, channel.caller.number);
    waiting.push(channel.id);
    serve();
  } else if (type === 'StasisEnd' || type === 'ChannelDestroyed') gone(channel.id, type);
}

function serve(): void {
  while (free.length > 0 && waiting.length > 0) {
    const [endpoint, caller] = [free.shift() ?? '', waiting.shift() ?? ''];
    const agent = randomUUID();
    endpointOf.set(agent, endpoint);
    partner.set(agent, caller);
    partner.set(caller, agent);
    bridgeOf.set(agent, `bare-${agent}`);
    request('POST', `channels/${agent}`, { endpoint, app: APP, appArgs: 'agent', callerId: callers.get(caller) ?? '', originator: caller, timeout: 30 });
    request('POST', `bridges/bare-${agent}`, { type: 'mixing' });
  }
}

function connect(agent: string): void {
  const caller = partner.get(agent) ?? '';
  request('POST', `channels/${caller}/answer`);
  request('POST', `bridges/bare-${agent}/addChannel`, { channel: [caller, agent] });
}

function gone(id: string, type: string): void {
  const other = partner.get(id);
  callers.delete(id);
  if (other !== undefined) request('DELETE', `channels/${other}`);
  partner.delete(id);
  const endpoint = endpointOf.get(id);
  if (endpoint === undefined || type !== 'ChannelDestroyed') return;
  endpointOf.delete(id);
  request('DELETE', `bridges/${bridgeOf.get(id) ?? ''}`);
  bridgeOf.delete(id);
  free.push(endpoint);
  serve();
}

function request(method: string, uri: string, body?: object): void {
  const id = randomUUID();
  socket.send(JSON.stringify({ type: 'RESTRequest', transaction_id: id, request_id: id, method, uri, ...(body && { content_type: 'application/json', message_body: JSON.stringify(body) }) }));
}
