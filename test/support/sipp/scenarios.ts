/*
 * What SIPp plays. Signalling and, where it says so, RFC 4733 digits; addresses and ids are SIPp's own keywords.
 */

const scenario = (name: string, ...steps: string[]): string => `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="${name}">\n${steps.join('\n')}\n</scenario>\n`;
const send = (text: string, attributes = ''): string => `<send ${attributes}><![CDATA[\n${text.trim().replaceAll(/^ +/gm, '')}\n\n]]></send>`;
const pause = (ms: number): string => `<pause milliseconds="${ms}"/>`;

/** PCMA and telephone-event (RFC 4733). */
const SDP = `v=0
o=sipp 53655765 2353687637 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15`;

const FROM = '<sip:[field0]@[local_ip]:[local_port]>';

const request = (method: string, cseq: number, toTag: boolean, body = '', from = FROM, more = ''): string => `${method} ${method === 'INVITE' ? 'sip:[service]@[remote_ip]:[remote_port]' : '[next_url]'} SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: ${from};tag=[pid]c[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>${toTag ? '[peer_tag_param]' : ''}
Call-ID: [call_id]
CSeq: ${cseq} ${method}
Contact: <sip:sipp@[local_ip]:[local_port]>
${more}${method === 'ACK' || method === 'REFER' || method === 'BYE' ? '[routes]\n' : ''}Max-Forwards: 70
${body === '' ? 'Content-Length: 0' : `Content-Type: application/sdp\nContent-Length: [len]\n\n${body}`}`;

const answer = (status: string, body = ''): string => `SIP/2.0 ${status}
[last_Via:]
[last_From:]
[last_To:];tag=[pid]s[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
${body === '' ? 'Content-Length: 0' : `Content-Type: application/sdp\nContent-Length: [len]\n\n${body}`}`;

const sameAnswer = `SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0`;

/** A customer (`field0`: their number) calls, does `meanwhile` once answered, and hangs up. */
export const customerCall = (...meanwhile: string[]): string => callFrom(FROM, ...meanwhile);

/** The same from whomever this From header names, which may be nonsense. */
export const callFrom = (from: string, ...meanwhile: string[]): string =>
  scenario(
    'customer',
    send(request('INVITE', 1, false, SDP, from), 'retrans="500"'),
    '<recv response="100" optional="true"/>',
    '<recv response="180" optional="true"/>',
    '<recv response="183" optional="true"/>',
    '<recv response="200" rrs="true"/>',
    send(request('ACK', 1, true, '', from)),
    ...meanwhile,
    send(request('BYE', 9, true, '', from), 'retrans="500"'),
    '<recv response="200"/>',
  );

/** Calls, and wants to be refused with just this status. */
export const refusedCall = (status: number, from = FROM): string =>
  scenario(
    'refused',
    send(request('INVITE', 1, false, SDP, from), 'retrans="500"'),
    '<recv response="100" optional="true"/>',
    `<recv response="${status}"/>`,
    send(request('ACK', 1, true, '', from)),
  );

/** Sends the other end to somebody else, in a call: REFER (RFC 3515), and is told in the end that it came to nothing. */
export const refersTo = (uri: string): string =>
  [
    send(refer(uri), 'retrans="500"'),
    '<recv response="603" optional="true" next="declined"/>',
    '<recv response="400" optional="true" next="declined"/>',
    '<recv response="202"/>',
    '<recv request="NOTIFY"/>',
    send(sameAnswer),
    '<recv request="NOTIFY"><action><ereg regexp="SIP/2.0 [3-6][0-9][0-9]" search_in="body" check_it="true" assign_to="refused"/><log message="[$refused]"/></action></recv>',
    send(sameAnswer),
    '<label id="declined"/>',
  ].join('\n');

const refer = (uri: string, more = ''): string => request('REFER', 2, true, '', FROM, `Refer-To: <${uri}>\nReferred-By: ${FROM}\n${more}`);

/** The same, and wants no news of it (RFC 4488): declined at once. */
export const refersQuietlyTo = (uri: string): string => `${send(refer(uri, 'Refer-Sub: false\n'), 'retrans="500"')}\n<recv response="603"/>`;

/** Stays in the call that long. */
export const stay = (ms: number): string => pause(ms);

/** Stays in the call for some time between these, each time another. */
export const stayBetween = (leastMs: number, mostMs: number): string => `<pause distribution="uniform" min="${leastMs}" max="${mostMs}"/>`;

/** Presses a key: a recorded telephone-event of SIPp's own. Waits until it is out. */
export const pressRecorded = (folder: string, key: string): string => `<nop><action><exec play_pcap_audio="${folder}/dtmf_2833_${key}.pcap"/></action></nop>\n${pause(700)}`;

/** A phone (`field0`: user, `field1`: SIPp's `[authentication …]`) registers by digest for the port it runs on. */
export const registration = scenario(
  'registration',
  send(register(1), 'retrans="500"'),
  '<recv response="401" auth="true"/>',
  send(register(2, '[field1]\n'), 'retrans="500"'),
  '<recv response="200"/>',
);

function register(cseq: number, authorization = ''): string {
  return `REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[remote_ip]>;tag=[pid]r[call_number]
To: <sip:[field0]@[remote_ip]>
Call-ID: [call_id]
CSeq: ${cseq} REGISTER
Contact: <sip:[field0]@[local_ip]:[local_port]>
${authorization}Max-Forwards: 70
Expires: 3600
Content-Length: 0`;
}

/** What `[authentication]` needs to know of one phone. */
export const digestOf = (user: string, password: string): string => `[authentication username=${user} password=${password}]`;

/** A desk phone that rings, answers at once, and lets itself be hung up. */
export const deskPhone = scenario(
  'desk phone',
  '<recv request="INVITE"/>',
  send(answer('180 Ringing')),
  send(answer('200 OK', SDP), 'retrans="500"'),
  '<recv request="ACK" optional="true"/>',
  '<recv request="CANCEL" optional="true" next="cancelled"/>',
  '<recv request="BYE"/>',
  '<label id="cancelled"/>',
  send(sameAnswer),
);

/**
 * A carrier that answers as the number says: `021230` and three digits of one of these SIP statuses; `180`: rings for
 * ever; any other: not a word. It takes no call that does not show the representative number (P-Asserted-Identity, RFC 3325).
 */
export const carrier = (statuses: readonly number[]): string =>
  scenario(
    'carrier',
    `<recv request="INVITE"><action>
<ereg regexp="sip:021230([0-9]{3})@" search_in="msg" check_it="true" assign_to="whole,status"/>
<ereg regexp="sip:15880000@" search_in="hdr" header="P-Asserted-Identity:" check_it="true" assign_to="caller"/>
<ereg regexp="CSeq: ([0-9]+) INVITE" search_in="msg" check_it="true" assign_to="line,cseq"/>
<todouble assign_to="number" variable="status"/>
${[180, ...statuses].map((status) => `<test assign_to="is${status}" variable="number" compare="equal" value="${status}"/>`).join('\n')}
<log message="[$whole] [$line] [$caller]"/>
</action></recv>`,
    ...[180, ...statuses].map((status) => `<nop next="${status}" test="is${status}"/>`),
    pause(30_000),
    '<nop next="over"/>',
    ...statuses.flatMap((status) => [`<label id="${status}"/>`, send(answer(`${status} As you wish`)), '<recv request="ACK" next="over"/>']),
    '<label id="180"/>',
    send(answer('180 Ringing')),
    '<recv request="CANCEL"/>',
    send(sameAnswer),
    send(answer('487 Request Terminated').replace('[last_CSeq:]', 'CSeq: [$cseq] INVITE')),
    '<recv request="ACK"/>',
    '<label id="over"/>',
    '<nop/>',
  );
