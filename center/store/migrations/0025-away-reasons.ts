import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Reasons to be away are a company's own. They begin as those that every center had. */
export const awayReasons: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const first = [['break', '휴식', 'Break', true], ['meal', '식사', 'Meal', false], ['meeting', '회의', 'Meeting', true], ['training', '교육', 'Training', true], ['other', '기타', 'Other', true]] as const;
    for (const [index, [id, name, english, paid]] of first.entries()) {
      const order = index + 1;
      await sql`INSERT INTO configuration (kind, id, position, version, value) VALUES ('awayReason', ${id}, ${order}, 'first', ${JSON.stringify({ name, english, paid, longestMs: null, colour: 'amber', order })})`.execute(db);
    }
  },
};
