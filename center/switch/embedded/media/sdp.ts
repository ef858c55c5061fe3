import { fail, ok, type Result } from '../../../../contract/errors.ts';
import type { Codec } from './g711.ts';

/*
 * The session descriptions this engine speaks: one audio stream, G.711 and telephone-event, ICE-lite with one
 * host candidate, DTLS-SRTP, rtcp-mux (RFC 8866, 3264, 8839, 5763, 4733). Other media of an offer are refused
 * with port 0 in the answer.
 */

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
export type DtlsSetup = 'actpass' | 'active' | 'passive';

export interface RemoteTransport {
  ufrag: string;
  password: string;
  fingerprints: { algorithm: string; value: string }[];
  setup: DtlsSetup;
}

export interface LocalTransport {
  ufrag: string;
  password: string;
  fingerprint: { algorithm: string; value: string };
  address: string;
  port: number;
}

export interface AudioFormat {
  codec: Codec;
  payloadType: number;
  /** Payload type of telephone-event/8000; null where the far end does not take it. */
  eventPayloadType: number | null;
}

export interface RemoteDescription {
  transport: RemoteTransport;
  /** As the far end sees itself. */
  direction: Direction;
  format: AudioFormat;
  /** Media sections in the order of the offer, for an answer that mirrors them. */
  sections: { kind: string; protocol: string; formats: string; mid: string | null; chosen: boolean }[];
  bundled: boolean;
}

interface Section {
  kind: string;
  port: number;
  protocol: string;
  formats: string[];
  attributes: Map<string, string[]>;
}

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
/** RFC 5764 §8, and without the transport's name, as many phones and gateways write it: the fingerprint says DTLS. */
const SECURE_RTP = /^(UDP\/TLS\/)?RTP\/SAVPF?$/i;
/** A browser's offer of all it can do has some 120 lines and three sections. */
const MAX_LINES = 600;
const MAX_SECTIONS = 16;
const MAX_FORMATS = 64;
const MAX_FINGERPRINTS = 4;

/**
 * Reads an offer or answer.
 * @returns `input.invalid` where there is no DTLS-SRTP audio in G.711 (the SIP answer to that is 488)
 */
export function parseDescription(text: string): Result<RemoteDescription> {
  const parsed = splitSections(text);
  if (parsed === null) return fail('input.invalid', 'not a session description');
  const { session, sections } = parsed;
  const audio = sections.find((section) => section.kind === 'audio' && section.port !== 0 && SECURE_RTP.test(section.protocol));
  if (audio === undefined) return fail('input.invalid', 'no DTLS-SRTP audio');
  const attribute = (name: string): string | undefined => audio.attributes.get(name)?.[0] ?? session.get(name)?.[0];
  const ufrag = attribute('ice-ufrag');
  const password = attribute('ice-pwd');
  const fingerprints = (audio.attributes.get('fingerprint') ?? session.get('fingerprint') ?? []).slice(0, MAX_FINGERPRINTS).flatMap(parseFingerprint);
  if (ufrag === undefined || password === undefined || fingerprints.length === 0) {
    return fail('input.invalid', 'no ICE credentials or fingerprint');
  }
  const format = chooseFormat(audio);
  if (format === null) return fail('input.invalid', 'no G.711');
  const setup = attribute('setup');
  return ok({
    transport: { ufrag, password, fingerprints, setup: setup === 'active' || setup === 'passive' ? setup : 'actpass' },
    direction: DIRECTIONS.find((direction) => audio.attributes.has(direction)) ?? DIRECTIONS.find((direction) => session.has(direction)) ?? 'sendrecv',
    format,
    sections: sections.map((section) => ({
      kind: section.kind,
      protocol: section.protocol,
      formats: section.formats.join(' '),
      mid: section.attributes.get('mid')?.[0] ?? null,
      chosen: section === audio,
    })),
    bundled: (session.get('group') ?? []).some((group) => group.startsWith('BUNDLE')),
  });
}

/** The direction of our answer to a far end that is `direction`, when we hold nothing back ourselves. */
export function mirrored(direction: Direction): Direction {
  switch (direction) {
    case 'sendonly':
      return 'recvonly';
    case 'recvonly':
      return 'sendonly';
    case 'sendrecv':
    case 'inactive':
      return direction;
  }
}

/** Whether the far end's direction means that it put us on hold (RFC 3264 §8.4). */
export const isHold = (direction: Direction): boolean => direction === 'sendonly' || direction === 'inactive';
/** Whether the far end, by its direction, wants to hear us. */
export const wantsToHear = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'recvonly';

interface Identity {
  sessionId: number;
  version: number;
  ssrc: number;
}

/** An answer with the one audio stream of `remote` accepted. */
export function writeAnswer(local: LocalTransport, remote: RemoteDescription, setup: DtlsSetup, identity: Identity): string {
  const lines = sessionLines(local, identity);
  const chosen = remote.sections.find((section) => section.chosen);
  if (remote.bundled && chosen?.mid) lines.push(`a=group:BUNDLE ${chosen.mid}`);
  for (const section of remote.sections) {
    if (section.chosen) {
      lines.push(...audioLines(local, section.protocol, section.mid, remote.format, mirrored(remote.direction), setup, identity));
    } else {
      lines.push(`m=${section.kind} 0 ${section.protocol} ${section.formats}`, 'c=IN IP4 0.0.0.0');
      if (section.mid) lines.push(`a=mid:${section.mid}`);
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** An offer of both laws and telephone-event. */
export function writeOffer(local: LocalTransport, setup: DtlsSetup, identity: Identity): string {
  const lines = sessionLines(local, identity);
  lines.push('a=group:BUNDLE 0');
  lines.push(...audioLines(local, 'UDP/TLS/RTP/SAVPF', '0', null, 'sendrecv', setup, identity));
  return `${lines.join('\r\n')}\r\n`;
}

function sessionLines(local: LocalTransport, identity: Identity): string[] {
  return [
    'v=0',
    `o=- ${identity.sessionId} ${identity.version} IN IP4 ${local.address}`,
    's=-',
    't=0 0',
    'a=ice-lite',
    'a=msid-semantic:WMS *',
  ];
}

const OFFERED_EVENT_PAYLOAD_TYPE = 101;

function audioLines(
  local: LocalTransport,
  protocol: string,
  mid: string | null,
  format: AudioFormat | null,
  direction: Direction,
  setup: DtlsSetup,
  identity: Identity,
): string[] {
  const codecs = format === null
    ? [{ type: 0, name: 'PCMU' }, { type: 8, name: 'PCMA' }]
    : [{ type: format.payloadType, name: format.codec === 'pcmu' ? 'PCMU' : 'PCMA' }];
  const event = format === null ? OFFERED_EVENT_PAYLOAD_TYPE : format.eventPayloadType;
  const types = [...codecs.map((codec) => codec.type), ...(event === null ? [] : [event])];
  return [
    `m=audio ${local.port} ${protocol} ${types.join(' ')}`,
    `c=IN IP4 ${local.address}`,
    ...(mid === null ? [] : [`a=mid:${mid}`]),
    ...codecs.map((codec) => `a=rtpmap:${codec.type} ${codec.name}/8000`),
    ...(event === null ? [] : [`a=rtpmap:${event} telephone-event/8000`, `a=fmtp:${event} 0-15`]),
    'a=ptime:20',
    'a=rtcp-mux',
    `a=${direction}`,
    `a=setup:${setup}`,
    `a=fingerprint:${local.fingerprint.algorithm} ${local.fingerprint.value}`,
    `a=ice-ufrag:${local.ufrag}`,
    `a=ice-pwd:${local.password}`,
    `a=candidate:1 1 udp 2130706431 ${local.address} ${local.port} typ host`,
    'a=end-of-candidates',
    `a=ssrc:${identity.ssrc} cname:sangdam`,
    'a=msid:sangdam audio',
  ];
}

function splitSections(text: string): { session: Map<string, string[]>; sections: Section[] } | null {
  const lines = text.split(/\r\n|\n|\r/, MAX_LINES + 1);
  if (lines[0] !== 'v=0' || lines.length > MAX_LINES) return null;
  const session = new Map<string, string[]>();
  const sections: Section[] = [];
  let current = session;
  for (const line of lines) {
    const media = /^m=(\S+) (\d{1,5})(?:\/\d+)? (\S+)((?: \S+)*)\s*$/.exec(line);
    if (media !== null) {
      current = new Map();
      const [, kind = '', port = '0', protocol = '', formats = ''] = media;
      sections.push({ kind, port: Number(port), protocol, formats: formats.trim().split(' ', MAX_FORMATS), attributes: current });
      if (sections.length > MAX_SECTIONS) return null;
      continue;
    }
    const found = /^a=([^:]+)(?::(.*))?$/.exec(line);
    if (found === null) continue;
    const [, name = '', value = ''] = found;
    const values = current.get(name);
    if (values === undefined) current.set(name, [value.trim()]);
    else values.push(value.trim());
  }
  return { session, sections };
}

function parseFingerprint(value: string): { algorithm: string; value: string }[] {
  const found = /^(\S+) ([0-9A-Fa-f:]+)$/.exec(value);
  const [, algorithm, digest] = found ?? [];
  return algorithm === undefined || digest === undefined ? [] : [{ algorithm: algorithm.toLowerCase(), value: digest }];
}

/** The first law in the far end's order of preference, and its telephone-event at the same clock. */
function chooseFormat(audio: Section): AudioFormat | null {
  const names = new Map<number, string>([[0, 'PCMU/8000'], [8, 'PCMA/8000']]);
  for (const map of audio.attributes.get('rtpmap') ?? []) {
    const [, type, name] = /^(\d{1,3}) (\S+)/.exec(map) ?? [];
    if (type !== undefined && name !== undefined) names.set(Number(type), name.toUpperCase().replace(/\/1$/, ''));
  }
  const offered = audio.formats.map(Number).filter((type) => names.has(type));
  const law = offered.find((type) => names.get(type) === 'PCMU/8000' || names.get(type) === 'PCMA/8000');
  if (law === undefined) return null;
  const event = offered.find((type) => names.get(type) === 'TELEPHONE-EVENT/8000');
  return { codec: names.get(law) === 'PCMU/8000' ? 'pcmu' : 'pcma', payloadType: law, eventPayloadType: event ?? null };
}
