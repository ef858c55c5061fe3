import { describe, expect, it } from 'vitest';
import { defaultDialling, type DialRule } from '../../../center/dialling/rules.ts';
import { readConfiguration } from '../../../center/store/configuration.ts';
import { putDialBlock, readDialling, removeDialBlock, removeDialRule, setAlarmSettings, setDialRule, setLineLimits } from '../../../center/store/dialling.ts';
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

  it('failure: settings that somebody else wrote are the defaults, and a rule of nobody is refused', async () => {
    const { db } = await temporaryStore();
    await db.insertInto('meta').values([{ key: 'dialling.line', value: '{"outsideAtOnce":-1}' }, { key: 'dialling.alarm', value: 'not JSON' }]).execute();
    expect(await readDialling(db)).toEqual(defaultDialling());
    await expect(setDialRule(db, { ...rule, id: '' })).rejects.toThrow('CHECK');
    await expect(setDialRule(db, { ...rule, longestMs: -1 })).rejects.toThrow('CHECK');
  });
});
