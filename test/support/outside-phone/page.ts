/*
 * A phone that nobody here wrote: JsSIP, driven from a test. Bundled and put into a blank page by index.ts.
 */
import JsSIP from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';

export interface Line {
  id: number;
  direction: 'incoming' | 'outgoing';
  /** `ended` and `failed` are final. */
  state: 'connecting' | 'ringing' | 'talking' | 'ended' | 'failed';
  held: boolean;
  /** JsSIP's word for why it ended. */
  cause: string;
  /** User part of the far end's address. */
  number: string;
}

export interface PageAccount {
  server: string;
  domain: string;
  user: string;
  password: string;
}

export type TransferOutcome = 'accepted' | 'failed' | 'refused';

export interface OutsidePhonePage {
  lines: Line[];
  start(account: PageAccount): Promise<string>;
  stop(): void;
  call(target: string): number;
  answer(id: number): void;
  reject(id: number, status: number): void;
  hangUp(id: number): void;
  setHeld(id: number, held: boolean): void;
  /** Whether audio leaves, so that keys can go out in it. */
  canSendKeys(id: number): Promise<boolean>;
  sendDigit(id: number, digit: string, transport: 'RFC2833' | 'INFO'): void;
  /** Blind (RFC 3515), or attended when `replaces` names the consultation's line (RFC 3891). */
  transfer(id: number, target: string, replaces: number | null): Promise<TransferOutcome>;
}

declare global {
  interface Window {
    outsidePhone: OutsidePhonePage;
  }
}

const MEDIA = { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } };

const sessions: RTCSession[] = [];
const lines: Line[] = [];
let agent: JsSIP.UA | undefined;
let domain = '';

const session = (id: number): RTCSession => {
  const found = sessions[id];
  if (found === undefined) throw new Error(`no line ${id}`);
  return found;
};

function follow(added: RTCSession, direction: Line['direction']): void {
  const line: Line = { id: sessions.length, direction, state: 'connecting', held: false, cause: '', number: added.remote_identity.uri.user };
  sessions.push(added);
  lines.push(line);
  const loudspeaker = new Audio();
  const listenTo = (connection: RTCPeerConnection) => {
    connection.addEventListener('track', ({ track }) => {
      loudspeaker.srcObject = new MediaStream([track]);
      void loudspeaker.play();
    });
  };
  if (added.connection) listenTo(added.connection);
  else added.on('peerconnection', ({ peerconnection }) => listenTo(peerconnection));
  added.on('progress', () => (line.state = 'ringing'));
  added.on('confirmed', () => (line.state = 'talking'));
  added.on('hold', () => (line.held = true));
  added.on('unhold', () => (line.held = false));
  const over = (state: 'ended' | 'failed') => (event: { cause: string }) => {
    line.state = state;
    line.cause = event.cause;
    loudspeaker.srcObject = null;
  };
  added.on('ended', over('ended'));
  added.on('failed', over('failed'));
}

window.outsidePhone = {
  lines,
  start(account) {
    domain = account.domain;
    const ua = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(account.server)],
      uri: `sip:${account.user}@${account.domain}`,
      password: account.password,
      session_timers: false,
      register: true,
    });
    agent = ua;
    ua.on('newRTCSession', ({ session: added, originator }: { session: RTCSession; originator: string }) => follow(added, originator === 'remote' ? 'incoming' : 'outgoing'));
    return new Promise((resolve) => {
      ua.on('registered', () => resolve('registered'));
      ua.on('registrationFailed', ({ response, cause }) => resolve(String(response?.status_code ?? cause)));
      ua.on('disconnected', ({ error }) => error && resolve('unreachable'));
      ua.start();
    });
  },
  stop: () => agent?.stop(),
  call(target) {
    if (agent === undefined) throw new Error('not started');
    agent.call(`sip:${target}@${domain}`, MEDIA);
    return sessions.length - 1;
  },
  answer: (id) => session(id).answer(MEDIA),
  reject: (id, status) => session(id).terminate({ status_code: status }),
  hangUp: (id) => session(id).terminate(),
  setHeld(id, held) {
    if (held) session(id).hold();
    else session(id).unhold();
  },
  canSendKeys: async (id) => session(id).connection.getSenders().some((sender) => sender.dtmf?.canInsertDTMF === true) && [...(await session(id).connection.getStats()).values()].some((report: { type: string; packetsSent?: number }) => report.type === 'outbound-rtp' && (report.packetsSent ?? 0) > 0),
  sendDigit: (id, digit, transport) =>
    session(id).sendDTMF(digit, { transportType: transport === 'INFO' ? JsSIP.C.DTMF_TRANSPORT.INFO : JsSIP.C.DTMF_TRANSPORT.RFC2833 }),
  transfer: (id, target, replaces) =>
    new Promise((resolve) => {
      const eventHandlers = { accepted: () => resolve('accepted'), failed: () => resolve('failed'), requestFailed: () => resolve('refused') };
      session(id).refer(`sip:${target}@${domain}`, replaces === null ? { eventHandlers } : { eventHandlers, replaces: session(replaces) });
    }),
};
