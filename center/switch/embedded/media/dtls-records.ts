/*
 * DTLS 1.2 on the wire (RFC 6347 §4.1, §4.2.2), as much of it as can be read without keys. What breaks off is left out.
 *
 * record:   type (1)  version (2)  epoch (2)  sequence number (6)  length (2)  payload
 * fragment: type (1)  length of the message (3)  message_seq (2)  offset (3)  length (3)  body
 */

export const RECORD_HEADER_BYTES = 13;
const FRAGMENT_HEADER_BYTES = 12;
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;

export interface DtlsRecord {
  contentType: number;
  epoch: number;
  /** Its number within the epoch. */
  sequence: number;
  payload: Buffer;
  /** The record with its header. */
  bytes: Buffer;
}

/** A handshake message, or a part of one. */
export interface Fragment {
  messageType: number;
  sequence: number;
  /** Of the whole message, in bytes. */
  length: number;
  offset: number;
  body: Buffer;
}

/** RFC 7983 §7: 20 to 63 is DTLS. */
export const isDtls = (datagram: Buffer): boolean => (datagram[0] ?? 0) > 19 && (datagram[0] ?? 0) < 64;

export const isAlert = ({ contentType }: DtlsRecord): boolean => contentType === ALERT;
export const isHandshake = ({ contentType }: DtlsRecord): boolean => contentType === HANDSHAKE;
/** Whether a record belongs to a flight, which is sent again until it is answered. */
export const isOfFlight = ({ contentType }: DtlsRecord): boolean => contentType === HANDSHAKE || contentType === CHANGE_CIPHER_SPEC;

export function readRecords(datagram: Buffer): DtlsRecord[] {
  const records: DtlsRecord[] = [];
  for (let at = 0; at + RECORD_HEADER_BYTES <= datagram.length; ) {
    const end = at + RECORD_HEADER_BYTES + datagram.readUInt16BE(at + 11);
    if (end > datagram.length) break;
    records.push({
      contentType: datagram.readUInt8(at),
      epoch: datagram.readUInt16BE(at + 3),
      sequence: datagram.readUIntBE(at + 5, 6),
      payload: datagram.subarray(at + RECORD_HEADER_BYTES, end),
      bytes: datagram.subarray(at, end),
    });
    at = end;
  }
  return records;
}

/** The same record under another number. */
export function numbered(record: Buffer, sequence: number): Buffer {
  const copy = Buffer.from(record);
  copy.writeUIntBE(sequence, 5, 6);
  return copy;
}

/** Records in as few datagrams as hold them (RFC 6347 §4.1.1), in their order: what travels together is not lost or overtaken apart. */
export function together(records: readonly Buffer[], mostBytes: number): Buffer[] {
  const datagrams: Buffer[][] = [];
  let left = 0;
  for (const record of records) {
    if (record.length > left || datagrams.length === 0) {
      datagrams.push([]);
      left = mostBytes;
    }
    datagrams.at(-1)?.push(record);
    left -= record.length;
  }
  return datagrams.map((datagram) => Buffer.concat(datagram));
}

/** @param payload of a handshake record in the clear */
export function readFragments(payload: Buffer): Fragment[] {
  const fragments: Fragment[] = [];
  for (let at = 0; at + FRAGMENT_HEADER_BYTES <= payload.length; ) {
    const end = at + FRAGMENT_HEADER_BYTES + payload.readUIntBE(at + 9, 3);
    if (end > payload.length) break;
    fragments.push({
      messageType: payload.readUInt8(at),
      length: payload.readUIntBE(at + 1, 3),
      sequence: payload.readUInt16BE(at + 4),
      offset: payload.readUIntBE(at + 6, 3),
      body: payload.subarray(at + FRAGMENT_HEADER_BYTES, end),
    });
    at = end;
  }
  return fragments;
}

/** A record in the clear with one message, which was never cut. */
export function wholeMessage(messageType: number, sequence: number, body: Buffer): Buffer {
  const header = Buffer.alloc(RECORD_HEADER_BYTES + FRAGMENT_HEADER_BYTES);
  header.writeUInt8(HANDSHAKE, 0);
  header.writeUInt16BE(0xfefd, 1);
  header.writeUIntBE(sequence, 5, 6);
  header.writeUInt16BE(FRAGMENT_HEADER_BYTES + body.length, 11);
  header.writeUInt8(messageType, RECORD_HEADER_BYTES);
  header.writeUIntBE(body.length, RECORD_HEADER_BYTES + 1, 3);
  header.writeUInt16BE(sequence, RECORD_HEADER_BYTES + 4);
  header.writeUIntBE(body.length, RECORD_HEADER_BYTES + 9, 3);
  return Buffer.concat([header, body]);
}
