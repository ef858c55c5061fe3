import { join } from 'node:path';
import type { Configuration, PhoneRecord } from '../../center/configuration/records.ts';
import { insertConfiguration } from '../../center/store/configuration.ts';
import { demoConfiguration } from '../../center/store/demo/office.ts';
import { loadStoreKey, openStore } from '../../center/store/index.ts';
import { hashPassword } from '../../center/store/passwords.ts';
import { systemClock } from '../../server/clock.ts';

/** Password of everybody in a test's own office. */
export const OFFICE_PASSWORD = 'an office of a test';
/** Password of its desk phones. */
export const OFFICE_PHONE_PASSWORD = 'a desk phone of a test';

/**
 * The people, groups, numbers and flows that tests know from the demo, and none of its secrets: this office may have a
 * trunk. It has the desk phones 1901 … 1905 and no customers' phones: customers come by the trunk.
 */
export function officeConfiguration(): Configuration {
  const demo = demoConfiguration();
  return { ...demo, phones: demo.phones.filter(({ kind }) => kind === 'desk').map((phone): PhoneRecord => ({ ...phone, password: OFFICE_PHONE_PASSWORD })) };
}

/** Fills an empty data folder with an office, as an administrator would have: a center started on it is no demo. */
export async function fillOffice(dataFolder: string, configuration: Configuration = officeConfiguration()): Promise<void> {
  const file = join(dataFolder, 'center.db');
  const store = await openStore({ file, key: await loadStoreKey(file), clock: systemClock, logger: { info: () => {}, warn: () => {}, error: () => {} } });
  try {
    const hash = await hashPassword(OFFICE_PASSWORD);
    await store.db.transaction().execute((tx) => insertConfiguration(tx, configuration, () => hash));
  } finally {
    await store.close();
  }
}
