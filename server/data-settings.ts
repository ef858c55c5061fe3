import { z } from 'zod';

/** Who reads what was written about contacts, and how long what is kept is anybody's. */
export interface DataSettings {
  historyScope: 'groups' | 'all';
  /** Contacts are nobody's after so many days, and lines of the event log go; null: never. */
  keepContactsDays: number | null;
  keepEventsDays: number | null;
}

const Days = z.coerce.number<string>().int().min(1).max(36_500).nullable().default(null);

export const dataEnvironment = {
  SANGDAM_HISTORY_SCOPE: z.enum(['groups', 'all']).default('groups'),
  SANGDAM_KEEP_CONTACTS_DAYS: Days,
  SANGDAM_KEEP_EVENTS_DAYS: Days,
};

const Parsed = z.object(dataEnvironment);

export const dataSettings = (environment: z.infer<typeof Parsed>): DataSettings => ({
  historyScope: environment.SANGDAM_HISTORY_SCOPE,
  keepContactsDays: environment.SANGDAM_KEEP_CONTACTS_DAYS,
  keepEventsDays: environment.SANGDAM_KEEP_EVENTS_DAYS,
});

export const defaultData: DataSettings = { historyScope: 'groups', keepContactsDays: null, keepEventsDays: null };
