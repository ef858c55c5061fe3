import { openStore, type Place } from '../../../center/store/index.ts';
import { rollUp } from '../../../center/store/rollups.ts';
import { AgentId, ContactId, GroupId } from '../../../contract/ids.ts';
import { systemClock } from '../../../server/clock.ts';

/*
 * A process that writes the log and rolls it up until it is killed, and tells of each step: PLACE FROM.
 */
const NOW = Date.UTC(2026, 4, 20, 3, 0, 0);
const [place = '{}', from = '0'] = process.argv.slice(2);
const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const { db, records } = await openStore({ ...(JSON.parse(place) as Place), clock: systemClock, logger: quiet });

for (let call = Number(from); ; call++) {
  const line = { contactId: ContactId.parse(`k${call}`), groupId: GroupId.parse(`group${call % 3}`), agentId: AgentId.parse(`agent${call % 7}`), at: NOW + call * 10_000 };
  await records.append([
    { ...line, type: 'contact.started', data: { kind: 'outbound' }, groupId: null, agentId: null },
    { ...line, type: 'contact.queued', data: {}, agentId: null },
    { ...line, type: 'contact.answered', data: { delayMs: call, inTime: call % 2 === 0 } },
    { ...line, type: 'contact.transferred', data: {}, agentId: null },
  ]);
  await records.append([
    ...(call % 2 === 0 ? [{ ...line, type: 'contact.returned', data: {} }] : []),
    { ...line, type: 'contact.handled', data: { talkMs: call, holdMs: 1, afterCallMs: 2 } },
    { ...line, type: 'contact.ended', data: { outcome: 'answered', talkMs: call, kind: 'outbound' } },
    { ...line, type: 'contact.handled', data: { talkMs: call, holdMs: 1, afterCallMs: 2 } },
  ]);
  await rollUp(db, 'Asia/Seoul', 5 + (call % 9));
  process.send?.(call);
}
