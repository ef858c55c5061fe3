import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { parseCenterEvent } from '../../../center/events.ts';
import type { LoggedEvent } from '../../../center/ports.ts';
import type { Hours } from '../../../center/reports/counters.ts';
import { CarriedJson, carriedFromJson, carriedToJson, fold, hourFinder, nothingCarried, type Carried } from '../../../center/reports/fold.ts';
import { addHours } from '../../../center/reports/counters.ts';
import { AgentId, ContactId, GroupId } from '../../../contract/ids.ts';
import { localTime } from '../../../contract/local-time.ts';
import { countAll, NOON, sumOf } from './center-stage.ts';
import { linesOfDay } from './lines-of-day.ts';

const SEOUL = 'Asia/Seoul';
const ORDERS = GroupId.parse('orders');

const line = (at: number, type: string, data: Record<string, unknown> = {}, contact = 'k1', agent: string | null = null, group: string | null = 'orders'): LoggedEvent => ({
  at: NOON + at, type, data, contactId: ContactId.parse(contact), agentId: agent === null ? null : AgentId.parse(agent), groupId: group === null ? null : GroupId.parse(group),
});

/** Counts lines that were cut somewhere: what is carried on goes through JSON, as it does through the store. */
function inPieces(lines: readonly LoggedEvent[], cuts: readonly number[]): { hours: Hours; carried: Carried } {
  const whole: Hours = new Map();
  let carried = nothingCarried();
  const ends = [...cuts.map((cut) => cut % (lines.length + 1)), lines.length].toSorted((a, b) => a - b);
  let from = 0;
  for (const end of ends) {
    const piece: Hours = new Map();
    for (const one of lines.slice(from, end)) {
      const event = parseCenterEvent(one);
      if (event !== null) fold(piece, carried, event, hourFinder(SEOUL));
    }
    addHours(whole, piece);
    carried = carriedFromJson(CarriedJson.parse(JSON.parse(JSON.stringify(carriedToJson(carried)))));
    from = end;
  }
  return { hours: whole, carried };
}

/** Hours in which nothing is left of what was counted are as good as none. */
const shown = (hours: Hours) =>
  [...hours.values()].toSorted((a, b) => a.from - b.from).flatMap(({ from, groups, direct }) => [
    ...[...groups].map(([groupId, { counters, answeredBy }]) => ({ from, groupId: String(groupId), counters, answeredBy: Object.fromEntries(answeredBy) })).toSorted((a, b) => a.groupId.localeCompare(b.groupId)),
    { from, direct },
  ]);

describe('the fold', () => {
  it('comes to the same, wherever it is cut and taken up again', () => {
    fc.assert(
      fc.property(linesOfDay(NOON), fc.array(fc.nat(), { maxLength: 8 }), (lines, cuts) => {
        expect(shown(inPieces(lines, cuts).hours)).toEqual(shown(countAll(lines, SEOUL)));
      }),
      { numRuns: 300 },
    );
  });

  it('counts an answer, an abandon and a turn once for each time in the queue, and takes back a transfer that nobody took in the hour that counted it', () => {
    const HOUR = 3600_000;
    const hours = countAll([
      line(0, 'contact.started', { kind: 'inbound' }, 'k1', null, null),
      line(0, 'contact.queued'),
      line(9000, 'contact.answered', { delayMs: 9000, inTime: true }, 'k1', 'agent1'),
      line(HOUR - 1, 'contact.transferred', {}),
      line(HOUR + 1, 'contact.returned', {}),
      line(HOUR + 2, 'contact.answered', { delayMs: 9000, inTime: true }, 'k1', 'agent2'),
      line(HOUR + 3, 'contact.ended', { outcome: 'answered', talkMs: 5, kind: 'inbound' }),
    ], SEOUL);
    expect(sumOf(hours, ORDERS)).toMatchObject({ offered: 1, answered: 1, answerDelayMs: 9000, transferredOut: 0 });
    expect([...hours].map(([from, { groups }]) => [from - NOON, groups.get(ORDERS)?.counters.transferredOut, [...(groups.get(ORDERS)?.answeredBy ?? [])]])).toEqual([[0, 0, [['agent1', 1]]], [HOUR, 0, [['agent2', 1]]]]);
  });

  it('counts who had a contact twice as one who handled it, though they write it up when it is over', () => {
    const handled = (at: number, agent: string) => line(at, 'contact.handled', { talkMs: 1, holdMs: 0, afterCallMs: 2 }, 'k1', agent);
    const hours = countAll([line(0, 'contact.queued'), handled(1, 'agent1'), line(2, 'contact.ended', { outcome: 'answered', talkMs: 2, kind: 'inbound' }), handled(3, 'agent1'), handled(4, 'agent2')], SEOUL);
    expect(sumOf(hours, ORDERS)).toMatchObject({ handled: 2, talkMs: 3, afterCallMs: 6 });
  });

  it('carries on what goes on, and not the day: of ten thousand calls that are over nothing is left', () => {
    const lines = Array.from({ length: 10_000 }, (_, call) => [
      line(call * 1000, 'contact.started', { kind: 'inbound' }, `k${call}`, null, null),
      line(call * 1000, 'contact.queued', {}, `k${call}`),
      line(call * 1000 + 1, 'contact.answered', { delayMs: 1, inTime: true }, `k${call}`, 'agent1'),
      line(call * 1000 + 2, 'contact.handled', { talkMs: 1, holdMs: 0, afterCallMs: 0 }, `k${call}`, 'agent1'),
      line(call * 1000 + 3, 'contact.ended', { outcome: 'answered', talkMs: 1, kind: 'inbound' }, `k${call}`),
    ]).flat();
    const { hours, carried } = inPieces(lines, []);
    expect(sumOf(hours, ORDERS)).toMatchObject({ offered: 10_000, handled: 10_000 });
    expect(carried.open.size).toBe(0);
    // Of half an hour, at a call a second.
    expect(carried.ended.size).toBeLessThanOrEqual(1801);
  });

  it.each([['Asia/Seoul', 0], ['Asia/Kolkata', 30], ['Asia/Kathmandu', 15], ['Australia/Lord_Howe', 30]])('has the hours of %s as its clocks show them', (zone, minutes) => {
    const hourOf = hourFinder(zone);
    for (let at = NOON; at < NOON + 3 * 3600_000; at += 7 * 60_000) {
      expect(localTime(hourOf(at), zone)).toMatchObject({ hour: localTime(at, zone).hour, ms: localTime(at, zone).hour * 3600_000 });
      expect([(hourOf(at) / 60_000) % 60, at - hourOf(at) < 3600_000]).toEqual([minutes, true]);
    }
  });
});
