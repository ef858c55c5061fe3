import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the generated configuration depends on. */
export interface AsteriskConfig {
  /** Address of ARI and of the phones' WebSocket. */
  httpAddress: string;
  httpPort: number;
  /** Address and port of SIP over UDP: trunks and desk phones. */
  sipAddress: string;
  sipPort: number;
  ariUser: string;
  ariPassword: string;
  rtpFrom: number;
  rtpTo: number;
  /** Folder of the announcements on Asterisk's machine. */
  soundsFolder: string;
  /** More sections of pjsip.conf and extensions.conf: a trunk. */
  pjsip?: string;
  extensions?: string;
}

/** What an operator gets who has not said otherwise: nothing that others reach, and no password that others know. */
export const operatorConfig: Omit<AsteriskConfig, 'ariPassword'> = {
  httpAddress: '127.0.0.1',
  httpPort: 8088,
  sipAddress: '127.0.0.1',
  sipPort: 5060,
  ariUser: 'sangdam',
  rtpFrom: 10_000,
  rtpTo: 20_000,
  soundsFolder: '/var/lib/sangdam/announcements',
};

/** The files, by name, of which Asterisk's configuration consists as far as the center needs it. */
export function asteriskFiles(config: AsteriskConfig): Record<string, string> {
  return {
    'pjsip.conf': pjsip(config),
    'sorcery.conf': sorcery,
    'http.conf': http(config),
    'ari.conf': ari(config),
    'extensions.conf': extensions(config),
    'rtp.conf': rtp(config),
    'musiconhold.conf': musicOnHold(config),
  };
}

/** Writes them, readable by their owner alone: ari.conf holds a password. */
export async function writeAsteriskFiles(folder: string, config: AsteriskConfig): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files = Object.entries(asteriskFiles(config));
  await Promise.all(files.map(([name, text]) => writeFile(join(folder, name), text, { mode: 0o640 })));
  return files.map(([name]) => join(folder, name));
}

const pjsip = ({ sipAddress, sipPort, pjsip: more }: AsteriskConfig): string => `; Sangdam: SIP. Phones are not written here: the center puts them in through ARI.

[global]
type=global
; Several phones may come from one address (NAT, loopback), so the name goes before the address.
endpoint_identifier_order=username,auth_username,ip
user_agent=Sangdam
; Notices a phone whose WebSocket fell silent.
keep_alive_interval=20

; Phones in browsers and desktops: SIP over WebSocket, on the port of http.conf, path /ws.
[sangdam-ws]
type=transport
protocol=ws
bind=${sipAddress}

; Desk phones and trunks over UDP. On loopback nobody reaches it: bind it to the address that the carrier and the office
; use, and let the firewall let nobody else in.
[sangdam-udp]
type=transport
protocol=udp
bind=${sipAddress}:${sipPort}
; Behind NAT, tell what the world sees, and which nets are on this side of it:
;external_signaling_address=203.0.113.10
;external_media_address=203.0.113.10
;local_net=10.0.0.0/8

; Desk phones and trunks over TLS:
;[sangdam-tls]
;type=transport
;protocol=tls
;bind=${sipAddress}:5061
;cert_file=/etc/asterisk/keys/fullchain.pem
;priv_key_file=/etc/asterisk/keys/privkey.pem
;method=tlsv1_2

; --- A trunk by IP: the carrier is known by its address. Name it in SANGDAM_ASTERISK_TRUNK. ---
;[sangdam-trunk]
;type=endpoint
;transport=sangdam-udp
;context=sangdam-trunk
; By its address alone: else whoever writes this section's name into From is the carrier.
;identify_by=ip
; Nobody at the carrier's end sends our calls on.
;allow_transfer=no
;disallow=all
;allow=alaw,ulaw
;direct_media=no
;dtmf_mode=rfc4733
;rtp_symmetric=yes
;aors=sangdam-trunk
;send_pai=yes
; A 183 without a description is no announcement: the agent goes on hearing that it rings.
;ignore_183_without_sdp=yes
; Else the carrier gets a re-INVITE with each change of who talks, and learns the agent's name and extension.
;send_connected_line=no
; With registration only: the carrier knows its subscriber by From; who calls is in P-Asserted-Identity then.
;outbound_auth=sangdam-trunk-auth
;from_user=07012345678
;[sangdam-trunk]
;type=aor
;contact=sip:192.0.2.1:5060
;qualify_frequency=30
;[sangdam-trunk]
;type=identify
;endpoint=sangdam-trunk
;match=192.0.2.1
; A program on this machine: an address of its own, as 127.0.0.2. Phones that come by the center come from 127.0.0.1.

; --- A trunk by registration: the same with its last two lines, and besides ---
;[sangdam-trunk-auth]
;type=auth
;auth_type=digest
;username=07012345678
;password=...
;[sangdam-trunk-registration]
;type=registration
;transport=sangdam-udp
;outbound_auth=sangdam-trunk-auth
;server_uri=sip:sip.carrier.example
;client_uri=sip:07012345678@sip.carrier.example
;contact_user=07012345678
;retry_interval=30
${more ?? ''}`;

const sorcery = `; Sangdam: where Asterisk keeps phones. Those of pjsip.conf come from the file, those of the center live in memory:
; no copy of a password on the disk, no database asked for each call. The center puts them in again after a restart.

[res_pjsip]
endpoint=config,pjsip.conf,criteria=type=endpoint
endpoint=memory
auth=config,pjsip.conf,criteria=type=auth
auth=memory
aor=config,pjsip.conf,criteria=type=aor
aor=memory
; Who is registered where dies with the process: a WebSocket does not survive it either.
contact=memory
`;

const http = ({ httpAddress, httpPort }: AsteriskConfig): string => `; Sangdam: the HTTP server of ARI (the center) and of SIP over WebSocket (phones).
; Phones outside of this machine need TLS, either here or in a proxy before it (docs/asterisk.md).

[general]
enabled=yes
bindaddr=${httpAddress}
bindport=${httpPort}
; One session a phone, and some for the center. The default of 100 turns phone 101 away.
sessionlimit=10000
enable_static=no
enable_status=no
;tlsenable=yes
;tlsbindaddr=${httpAddress}:8089
;tlscertfile=/etc/asterisk/keys/fullchain.pem
;tlsprivatekey=/etc/asterisk/keys/privkey.pem
`;

const ari = ({ ariUser, ariPassword }: AsteriskConfig): string => `; Sangdam: who may drive Asterisk, and so make calls at your cost. SANGDAM_ARI_USER and SANGDAM_ARI_PASSWORD_FILE of the
; center say the same.

[general]
enabled=yes
pretty=no
; The default of 100 ms cuts the center off for one slow moment.
websocket_write_timeout=5000

[${ariUser}]
type=user
read_only=no
password_format=plain
password=${ariPassword}
`;

/**
 * What is done with a call before the center hears of it. A channel that is no SIP call is what Asterisk makes of a 302:
 * whoever we call does not send us on.
 * \`kind\` tells it where the call came from.
 */
const intoCenter = (pattern: string, kind: 'phone' | 'trunk'): string => `exten => ${pattern},1,GotoIf($["\${CHANNEL(channeltype)}" != "PJSIP"]?sangdam-refuse,forwarded,1)
 same => n,Set(PJSIP_TRANSFER_HANDLING()=ari-only)
 same => n,Set(HOLD_INTERCEPT(set)=)
 same => n,Stasis(sangdam,${kind},\${PJSIP_HEADERS(X-Sangdam-)})
 same => n,GotoIf($["\${STASISSTATUS}" = "FAILED"]?sangdam-away,s,1)
 same => n,Hangup()`;

const extensions = ({ soundsFolder, extensions: more }: AsteriskConfig): string => `; Sangdam: every call goes to the center, which decides all else.

[sangdam-phones]
; Numbers, and names of two letters or more (a lone h is Asterisk's own).
${intoCenter('_[+*#0-9]!', 'phone')}
${intoCenter('_[A-Za-z][0-9A-Za-z]!', 'phone')}

[sangdam-trunk]
; REFER from a carrier is the center's to judge, too.
${intoCenter('_[+*#0-9]!', 'trunk')}
${intoCenter('_[A-Za-z][0-9A-Za-z]!', 'trunk')}

[sangdam-away]
; The center is not there: say so and hang up. Put your own emergency routing here.
exten => s,1,Progress()
 same => n,Playback(${soundsFolder}/unavailable,noanswer)
 same => n,Hangup(41)

[sangdam-refuse]
; How the center refuses a call with a SIP status of its choice.
exten => _XXX,1,PJSIPHangup(\${EXTEN})
exten => forwarded,1,Hangup(21)
${more ?? ''}`;

const rtp = ({ rtpFrom, rtpTo }: AsteriskConfig): string => `; Sangdam: audio. Open these UDP ports in the firewall; two a call leg.

[general]
rtpstart=${rtpFrom}
rtpend=${rtpTo}
icesupport=yes
strictrtp=yes
; Only for an Asterisk behind NAT whose phones are outside; a TURN server serves phones in strict networks:
;stunaddr=stun.example.org
;turnaddr=turn.example.org
;turnusername=sangdam
;turnpassword=...
`;

const musicOnHold = ({ soundsFolder }: AsteriskConfig): string => `; Sangdam: what waiting customers hear. \`music.wav\` of the announcements; more \`entry\` lines make a playlist.

[sangdam]
mode=playlist
entry=${soundsFolder}/music
`;
