import { StoreError } from '../../rows.ts';

/** A connection that is no more, or cannot be made: nothing is known of what was under way but that nothing was answered. */
export class DatabaseAway extends Error {
  readonly code = 'DATABASE_AWAY';

  constructor(cause: unknown) {
    super(cause instanceof StoreError ? cause.message : `the database server does not answer: ${cause instanceof Error ? cause.message || codeOf(cause) : String(cause)}`, { cause });
    this.name = 'DatabaseAway';
  }
}

/** Codes of PostgreSQL (its documentation, appendix A) by their beginning, with which a connection ends or does not begin. */
const ENDED = ['08', '57P', '53300'];

export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** A code of PostgreSQL has five characters; what has none of them is of the network, or of the driver. */
const isOfTheServer = (error: unknown): boolean => /^[\dA-Z]{5}$/.test(codeOf(error));

/** What the driver says of a connection without a code. */
const OF_A_CONNECTION = /connect|terminat|timeout|socket|closed|ended/i;

/** Whether a connection cannot be used any more after this. */
export function hasEnded(error: unknown): boolean {
  if (isOfTheServer(error)) return ENDED.some((code) => codeOf(error).startsWith(code));
  return codeOf(error).startsWith('E') || (error instanceof Error && OF_A_CONNECTION.test(error.message));
}

/** An error of a start, with what an operator can do about it. */
export function explained(error: unknown, where: string): unknown {
  const cause = error instanceof DatabaseAway ? error.cause : error;
  if (cause instanceof StoreError) return cause;
  const code = codeOf(cause);
  const said = cause instanceof Error ? cause.message : String(cause);
  const about = (kind: StoreError['code'], advice: string): StoreError => new StoreError(kind, `${where}: ${said}. ${advice}`, { cause });
  if (code.startsWith('28')) return about('refused', 'Check the user and the password in SANGDAM_DATABASE, and what pg_hba.conf of the server allows');
  if (code === '3D000') return about('refused', 'Create the database (createdb), or name another in SANGDAM_DATABASE');
  if (code === '42501') return about('refused', 'The user of SANGDAM_DATABASE must own the database, or have all rights on its schema');
  if (code === '53100') return about('unwritable', "The server's disk is full");
  if (code.startsWith('XX')) return about('corrupt', 'The server finds its data damaged: restore it from a backup');
  if (isOfTheServer(cause) && !hasEnded(cause)) return error;
  return about('away', 'Is the server running, and do its address and port in SANGDAM_DATABASE hold? Is TLS asked for as it is served (sslmode)?');
}
