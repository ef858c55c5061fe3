import type { RTCDtlsTransport } from 'werift';
import { isDtls, numbered, RECORD_HEADER_BYTES } from './dtls-records.ts';
import { HandshakeFront } from './handshake.ts';
import { HandshakeProofs } from './handshake-proofs.ts';

/** werift's handshake with a front before it. */
export interface GuardedHandshake {
  readonly front: HandshakeFront;
  /** In place of `RTCDtlsTransport.start`. */
  start: () => Promise<void>;
}

/** Stands before the handshake of `transport`, of which nothing has begun; from now on what comes is held for it. */
export function guardHandshake(transport: RTCDtlsTransport): GuardedHandshake {
  const { connection } = transport.iceTransport;
  let deliver = (_record: Buffer): void => {};
  let proofs: HandshakeProofs | null = null;
  const front = new HandshakeFront({
    // Before that werift throws away what it is to send, without a word.
    hasPath: () => connection.nominated !== undefined && connection.state === 'connected',
    send: (datagram) => void connection.send(datagram).catch(() => {}),
    troubleOf: (messageType, body) => proofs?.troubleOf(messageType, body) ?? null,
    judgeSealed: (record) => {
      const plain = transport.dtls === undefined ? null : opened(transport.dtls.cipher, record);
      if (plain === null || proofs === null) return 'discard';
      return proofs.isFinished(plain) ? 'pass' : 'refuse';
    },
    fail: (why) => transport.dtls?.onError.execute(new Error(why)),
    deliver: (record) => deliver(record),
    reseal: (record, sequence) => (transport.dtls === undefined ? record : reseal(transport.dtls.cipher, record, sequence)),
  });
  connection.onData.subscribe((datagram) => {
    if (isDtls(datagram)) front.receive(datagram);
  });
  connection.stateChanged.subscribe((state) => {
    if (state === 'connected') front.pathFound();
    else if (state === 'closed') front.close();
  });
  const start = (): Promise<void> => {
    const starting = transport.start();
    const { dtls } = transport;
    if (dtls === undefined) return starting;
    const { socket } = dtls.transport;
    const receive = socket.onData;
    deliver = (record) => receive(record, ['', 0]);
    socket.onData = () => {};
    socket.send = async (datagram) => front.sent(datagram);
    dtls.onConnect.once(() => front.finish());
    const role = transport.role === 'client' ? 'client' : 'server';
    proofs = new HandshakeProofs(role, {
      transcript: () => Buffer.concat(dtls.dtls.sortedHandshakeCache.map((message) => message.serialize())),
      masterSecret: () => dtls.cipher.masterSecret,
      randoms: () => {
        const { localRandom, remoteRandom } = dtls.cipher;
        return Buffer.concat((role === 'client' ? [localRandom, remoteRandom] : [remoteRandom, localRandom]).map((random) => random.serialize()));
      },
    });
    front.begin(role);
    helloAtOnce(dtls);
    return starting;
  };
  return { front, start };
}

/** werift's client waits 100 ms, in the hope that ICE has a path by then. Held until it has, the hello need not wait. */
function helloAtOnce(client: object): void {
  const connect: unknown = Reflect.get(client, 'connect');
  if (typeof connect !== 'function') return;
  const connecting: unknown = Reflect.apply(connect, client, []);
  Reflect.set(client, 'connect', () => connecting);
}

type Cipher = NonNullable<RTCDtlsTransport['dtls']>['cipher'];

/** Who writes with which keys. */
const CLIENT = 1;
const SERVER = 2;

/** What the far end sealed in a record of the new epoch; null where it was not the far end. */
function opened({ cipher, sessionType }: Cipher, record: Buffer): Buffer | null {
  try {
    return cipher.decrypt(sessionType, record.subarray(RECORD_HEADER_BYTES), headerOf(record));
  } catch {
    return null;
  }
}

const headerOf = (record: Buffer): { type: number; version: number; epoch: number; sequenceNumber: number } => ({
  type: record.readUInt8(0),
  version: record.readUInt16BE(1),
  epoch: record.readUInt16BE(3),
  sequenceNumber: record.readUIntBE(5, 6),
});

/** The number is in the nonce and signed (RFC 5288 §3, RFC 6347 §4.1.2.1): the record is opened and closed again. */
function reseal({ cipher, sessionType }: Cipher, record: Buffer, sequence: number): Buffer {
  const header = headerOf(record);
  // As the far end would.
  const plain = cipher.decrypt(sessionType === CLIENT ? SERVER : CLIENT, record.subarray(RECORD_HEADER_BYTES), header);
  const sealed = cipher.encrypt(sessionType, plain, { ...header, sequenceNumber: sequence });
  return numbered(Buffer.concat([record.subarray(0, RECORD_HEADER_BYTES), sealed]), sequence);
}
