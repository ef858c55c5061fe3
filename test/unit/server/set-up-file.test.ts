import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { findInvitation } from '../../../center/store/invitations.ts';
import { readConfiguration } from '../../../center/store/configuration.ts';
import { administer } from '../../../server/administration.ts';
import { readOffice, spansIn } from '../../../server/set-up-file.ts';
import { temporaryFolder, temporaryStore } from '../store/support.ts';

/** The file of the document, as it stands there. */
async function documented(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8');
  return /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
}

/** `npm run sangdam -- setup` with this file, on an empty store. */
async function command(text: string) {
  const [{ db }, folder] = [await temporaryStore(), await temporaryFolder()];
  const file = join(folder, 'office.yaml');
  await writeFile(file, text);
  const run = (...more: string[]) => administer(['setup', '--file', file, ...more], { db, now: 1_000, input: Readable.from([]), origin: 'https://desk.example' });
  return { db, run };
}

describe('a center that is set up by a file', () => {
  it('is the one of the document: people, groups, numbers and hours, with a link for each', async () => {
    const { db, run } = await command(await documented());
    expect(await run('--check')).toMatchObject({ ok: true, value: expect.stringContaining('in order') });
    expect((await readConfiguration(db)).people).toEqual([]);
    const made = await run();
    expect(made).toMatchObject({ ok: true, value: expect.stringContaining('is set up') });
    const { people, groups, numbers, company } = await readConfiguration(db);
    expect([company, people.length, groups.length, numbers.length]).toEqual(['한빛 상사', 4, 2, 2]);
    const links = made.ok ? [...made.value.matchAll(/^(\S+)\thttps:\/\/desk\.example\/invitation#(\S+)$/gm)] : [];
    expect(links).toHaveLength(4);
    for (const [, agentId, token = ''] of links) expect(await findInvitation(db, token, 1_001)).toMatchObject({ agentId, state: 'good' });
  });

  it('reads hours as people write them, night shifts among them', () => {
    expect(spansIn('Mon-Fri 09:00-18:00')?.map(({ weekday }) => weekday)).toEqual([1, 2, 3, 4, 5]);
    expect(spansIn('토-일 22:00–02:00')).toEqual([{ weekday: 6, fromMinute: 1320, toMinute: 120 }, { weekday: 0, fromMinute: 1320, toMinute: 120 }]);
    expect(spansIn('Sun 09:00-00:00')).toEqual([{ weekday: 0, fromMinute: 540, toMinute: 1440 }]);
    for (const wrong of ['Monday 9-5', 'Mon 25:00-26:00', 'Mon 09:00-18:75', '']) expect(spansIn(wrong)).toBeNull();
  });
});

describe('failure: a center that is set up by a file', () => {
  const head = 'company: 한빛\nadministrator: { account: boss, name: 김 대표 }\n';

  it.each([
    ['what is no YAML', 'company: [', /^office\.yaml:\d+: /],
    ['a part that is missing', 'company: 한빛', /^office\.yaml:1: administrator: /m],
    ['a part that there is not', `${head}owner: x`, /^office\.yaml:\d+: owner: /m],
    ['hours that are none', `${head}hours:\n  - Mon-Fri 09:00-18:00\n  - whenever`, /^office\.yaml:5: hours\.1: hours are written as/m],
    ['a zone there is not', `${head}timeZone: Asia/Nowhere`, /^office\.yaml:3: timeZone: /m],
  ])('names %s, with its line', (_what, text, told) => {
    expect(readOffice(text, 'office.yaml')).toMatchObject({ ok: false, error: { message: expect.stringMatching(told) } });
  });

  it('names the line of a person whose account or extension is another’s, and makes nothing', async () => {
    const { db, run } = await command(`${head}groups:\n  - name: 주문\npeople:\n  - { name: 가, extension: 1001 }\n  - { name: 나, extension: 1001 }\n  - { name: 다, account: BOSS }\n  - name: 라\n    groups: [없음]\n`);
    expect(await run()).toMatchObject({ ok: false, error: { message: expect.stringMatching(/office\.yaml:7: people\.1\.extension: is taken \(row 1\)\n.*office\.yaml:8: people\.2\.account: is taken.*\n.*office\.yaml:10: people\.3\.groups: there is no such \(없음\)/) } });
    expect((await readConfiguration(db)).people).toEqual([]);
  });

  it('names hours that overlap, and is done once', async () => {
    const overlapping = await command(`${head}groups:\n  - name: 주문\n    hours: [Sat 22:00-02:00, Sun 01:00-09:00]\n`);
    expect(await overlapping.run('--check')).toMatchObject({ ok: false, error: { message: expect.stringMatching(/office\.yaml:5: groups\.0\.hours: hours overlap/) } });
    const { run } = await command(head);
    expect((await run()).ok).toBe(true);
    expect(await run()).toMatchObject({ ok: false, error: { code: 'setup.done' } });
  });

  it('says which file it cannot read, and that it needs one', async () => {
    const { db } = await temporaryStore();
    const parts = { db, now: 0, input: Readable.from([]), origin: '' };
    expect(await administer(['setup', '--file', '/nowhere/office.yaml'], parts)).toMatchObject({ ok: false, error: { message: '/nowhere/office.yaml cannot be read.' } });
    expect(await administer(['setup'], parts)).toMatchObject({ ok: false, error: { message: expect.stringContaining('--file') } });
  });
});
