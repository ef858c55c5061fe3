import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { defaultDialling, defaultRights, rightsOf, type DialRule } from '../../../center/dialling/rules.ts';
import { readConfiguration } from '../../../center/store/configuration.ts';
import { badRowsOf, type BadRow } from '../../../center/store/bad-rows.ts';
import { putDialBlock, readDialling, removeDialBlock, removeDialRule, setAlarmSettings, setDialRule, setLineLimits } from '../../../center/store/dialling.ts';
import { dropRules } from './harm.ts';
import { temporaryStore } from './support.ts';

const rule: DialRule = { subject: 'person', id: 'agent1', classes: ['internal', 'international'], callsAtOnce: 3, callsPerHour: null, longestMs: 60_000 };

describe('class of service and limits', () => {
  it('are the defaults where nobody has set any', async () => {
    const { db } = await temporaryStore();
    expect(await readDialling(db)).toEqual(defaultDialling());
    expect((await readConfiguration(db)).dialling).toEqual(defaultDialling());
  });

  it('are kept, replaced and taken back', async () => {
    const { db } = await temporaryStore();
    await setDialRule(db, rule);
    await setDialRule(db, { ...rule, callsAtOnce: null, classes: null });
    await setDialRule(db, { ...rule, subject: 'center', id: '' });
    const line = { outsideAtOnce: 7, inboundAtOnce: 8, inboundPerNumber: 9, inboundPerCaller: 1 };
    await setLineLimits(db, line);
    await setLineLimits(db, { ...line, outsideAtOnce: 6 });
    await setAlarmSettings(db, { ...defaultDialling().alarm, many: 5 });
    const read = await readDialling(db);
    expect(read.rules).toEqual(expect.arrayContaining([{ ...rule, callsAtOnce: null, classes: null }, { ...rule, subject: 'center', id: '' }]));
    expect(read).toMatchObject({ line: { outsideAtOnce: 6 }, alarm: { many: 5 } });
    await removeDialRule(db, 'person', 'agent1');
    expect((await readDialling(db)).rules).toHaveLength(1);
  });

  it('have one block an account, until it is lifted', async () => {
    const { db, records } = await temporaryStore();
    await records.putDialBlock({ subject: 'person', id: 'agent1', at: 1, why: 'night' });
    await putDialBlock(db, { subject: 'person', id: 'agent1', at: 2, why: 'many' });
    expect((await readDialling(db)).blocks).toEqual([{ subject: 'person', id: 'agent1', at: 2, why: 'many' }]);
    await records.removeDialBlock('person', 'agent1');
    await removeDialBlock(db, 'person', 'agent1');
    expect((await readDialling(db)).blocks).toEqual([]);
  });

  it('failure: of a setting that can be read in part, the rest is the default, and told', async () => {
    const { db } = await temporaryStore();
    const { line } = defaultDialling();
    const told: BadRow[] = [];
    badRowsOf(db).onFound = (row) => told.push(row);
    await db.insertInto('meta').values({ key: 'dialling.line', value: '{"outsideAtOnce":3,"inboundAtOnce":"many","inboundPerNumber":7,"inboundPerCaller":1}' }).execute();
    expect((await readDialling(db)).line).toEqual({ outsideAtOnce: 3, inboundAtOnce: line.inboundAtOnce, inboundPerNumber: 7, inboundPerCaller: 1 });
    expect(told).toEqual([{ table: 'meta', key: 'dialling.line', columns: 'inboundAtOnce', takes: 'inboundAtOnce 2000' }]);
  });

  it('failure: settings that somebody else wrote are the defaults, and a rule of nobody is refused', async () => {
    const { db } = await temporaryStore();
    await db.insertInto('meta').values([{ key: 'dialling.line', value: '{"outsideAtOnce":-1}' }, { key: 'dialling.alarm', value: 'not JSON' }]).execute();
    const told: BadRow[] = [];
    badRowsOf(db).onFound = (row) => told.push(row);
    expect(await readDialling(db)).toEqual(defaultDialling());
    await readDialling(db);
    expect(told).toEqual([
      { table: 'meta', key: 'dialling.line', columns: 'outsideAtOnce, inboundAtOnce, inboundPerNumber, inboundPerCaller', takes: 'outsideAtOnce 500, inboundAtOnce 2000, inboundPerNumber 2000, inboundPerCaller 30' },
      { table: 'meta', key: 'dialling.alarm', columns: expect.stringContaining('windowMs, many'), takes: expect.stringContaining('windowMs 3600000, many 90') },
    ]);
    await expect(setDialRule(db, { ...rule, id: '' })).rejects.toThrow(/check/i);
    await expect(setDialRule(db, { ...rule, longestMs: -1 })).rejects.toThrow(/check/i);
  });

  it('are read as a program before wrote them', async () => {
    const { db } = await temporaryStore();
    const { emergency, emergencyInTotal, emergencyMost, emergencyEveryMs, emergencyWindowMs, ...before } = defaultDialling().alarm;
    await db.insertInto('meta').values({ key: 'dialling.alarm', value: JSON.stringify({ ...before, many: 5 }) }).execute();
    expect((await readDialling(db)).alarm).toEqual({ ...before, many: 5, emergency, emergencyInTotal, emergencyMost, emergencyEveryMs, emergencyWindowMs });
  });

  it.each([
    ['classes that are none', { classes: '{"all":true}' }, { classes: [] }],
    ['a class of a later program among others', { classes: '["internal","videophone"]' }, { classes: ['internal'] }],
    ['a number of calls that is none', { calls_at_once: -1 }, { callsAtOnce: 0 }],
    ['an hour that is none', { calls_per_hour: -1 }, { callsPerHour: 0 }],
    ['a length that is none', { longest_ms: -1 }, { longestMs: 1 }],
  ])('failure: a rule with %s gives nothing of what cannot be read, though more is given to everybody', async (_what, broken, expected) => {
    const store = await damaged();
    const { db } = store;
    await setDialRule(db, { ...rule, subject: 'center', id: '', classes: ['international'] });
    await setDialRule(db, rule);
    await db.updateTable('dial_rules').set(broken).where('id', '=', 'agent1').execute();
    const { rules } = await readDialling(db);
    const rights = rightsOf(rules, { kind: 'person', id: 'agent1' }, []);
    const had = { classes: ['internal', 'international'], callsAtOnce: 3, callsPerHour: defaultRights.callsPerHour, longestMs: 60_000, ...expected };
    expect(rights).toEqual({ ...had, classes: new Set(['emergency', ...had.classes]) });
    expect(store.badRows).toBe(1);
  });

  it('failure: a rule of nobody knows whom holds for whoever it may be of, and for nobody else', async () => {
    const { db } = await damaged();
    await setDialRule(db, rule);
    await sql`UPDATE dial_rules SET subject = 'robot', classes = 'all'`.execute(db);
    await setDialRule(db, { ...rule, classes: ['international'] });
    const { rules } = await readDialling(db);
    expect(rightsOf(rules, { kind: 'person', id: 'agent1' }, []).classes).toEqual(new Set(['emergency']));
    expect(rightsOf(rules, { kind: 'person', id: 'agent2' }, [])).toEqual(defaultRights);
  });

  it('failure: a block that cannot be read blocks, until it is lifted', async () => {
    const store = await damaged();
    const { db } = store;
    await putDialBlock(db, { subject: 'person', id: 'agent1', at: 1, why: 'night' });
    await sql`UPDATE dial_blocks SET subject = 'robot'`.execute(db);
    expect((await readDialling(db)).blocks).toContainEqual({ subject: 'person', id: 'agent1', at: 1, why: 'night' });
    expect(store.badRows).toBe(1);
    await removeDialBlock(db, 'phone', 'somebody else');
    expect((await readDialling(db)).blocks).not.toEqual([]);
    await removeDialBlock(db, 'person', 'agent1');
    expect((await readDialling(db)).blocks).toEqual([]);
  });
});

/** A store into which somebody else may write what they like. */
async function damaged() {
  const store = await temporaryStore();
  await dropRules(store.db);
  return store;
}
