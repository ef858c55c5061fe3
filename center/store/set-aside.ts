import type { Clock, SetAside } from '../ports.ts';
import type { Writer } from './tables.ts';

/** Keeps what the database refused to hold in its place, so that somebody can look at it: as text, whatever it was. */
export async function setAside(db: Writer, { what, contactId, content, why }: SetAside, clock: Pick<Clock, 'now'>): Promise<void> {
  await db.insertInto('set_aside').values({ at: Math.round(clock.now()), what, contact_id: contactId, content: textOf(content), why }).execute();
}

function textOf(content: unknown): string {
  try {
    return JSON.stringify(content) ?? String(content);
  } catch {
    return String(content);
  }
}
