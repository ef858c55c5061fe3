import { describe, expect, it } from 'vitest';
import { firstAwayRecords } from '../../../contract/away-reasons.ts';
import { AgentId } from '../../../contract/ids.ts';
import { configurationObjects, readConfiguration } from '../../../center/store/configuration.ts';
import { demoStore, NOW, temporaryStore } from './support.ts';

const writer = { by: AgentId.parse('admin'), address: '192.0.2.1', at: NOW };

describe('reasons to be away', () => {
  it('are at first what they always were, where nobody has set anything up and in the demo', async () => {
    for (const { db } of [await temporaryStore(), await demoStore()]) expect((await readConfiguration(db)).plain.awayReason).toEqual(firstAwayRecords);
  });

  it('that are removed are kept by their last value, until they are back', async () => {
    const { db, records } = await demoStore();
    const meal = async () => (await configurationObjects(db, 'awayReason', -1, 500)).objects.find(({ id }) => id === 'meal');
    const there = await meal();
    if (there?.kind !== 'awayReason') throw new Error('no meal');
    const renamed = { ...there.value, name: '점심' };
    await records.changeConfiguration([{ kind: 'awayReason', id: 'meal', version: there.version, value: renamed }], writer);
    await records.changeConfiguration([{ kind: 'awayReason', id: 'meal', version: (await meal())?.version ?? '', value: null }], writer);
    const removed = await records.configuration();
    expect([removed.former.awayReason, removed.plain.awayReason.map(({ id }) => id)]).toEqual([[{ id: 'meal', value: renamed }], ['break', 'meeting', 'training', 'other']]);
    await records.changeConfiguration([{ kind: 'awayReason', id: 'meal', version: null, value: renamed }], writer);
    expect((await records.configuration()).former.awayReason).toEqual([]);
  });
});
