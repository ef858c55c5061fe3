import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AnnouncementName, ownAnnouncements } from '../../../contract/configuration.ts';

it('the sounds of ours are those that come with the program, each by a name that a flow can say', async () => {
  const files = await readdir(join(import.meta.dirname, '../../../resources/announcements'));
  expect(files.toSorted()).toEqual(ownAnnouncements.map((name) => `${name}.wav`).toSorted());
  expect(ownAnnouncements.filter((name) => !AnnouncementName.safeParse(name).success)).toEqual([]);
});
