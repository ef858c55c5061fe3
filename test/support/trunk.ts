import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { until } from './until.ts';

/** PJSIP sections of a carrier known by its address, loopback, whose own end is this port; its name is `sangdam-trunk`. @param more lines of its endpoint */
export const trunkTo = (port: number, more = ''): string => `
[sangdam-trunk]
type=endpoint
transport=sangdam-udp
context=sangdam-trunk
identify_by=ip
disallow=all
allow=alaw,ulaw
direct_media=no
dtmf_mode=rfc4733
send_pai=yes
ignore_183_without_sdp=yes
send_connected_line=no
aors=sangdam-trunk
${more}
[sangdam-trunk]
type=aor
contact=sip:127.0.0.1:${port}
[sangdam-trunk]
type=identify
endpoint=sangdam-trunk
match=127.0.0.1
`;

/** Waits until Asterisk itself knows of no channel and of no bridge. */
export const nothingIsLeft = (asterisk: RunningAsterisk): Promise<unknown> =>
  until('no channel and no bridge is left', async () => {
    const [channels, bridges] = await Promise.all([asterisk.cli('core show channels count'), asterisk.cli('bridge show all')]);
    return channels.includes('0 active channels') && bridges.trim().split('\n').length === 1;
  }, 20_000);
