import type Sqlite from 'better-sqlite3';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import type { WriteWatch } from '../write-watch.ts';

/** Statements differ by their number of rows, too: beyond so many they are forgotten. */
const MAX_PREPARED = 200;

/**
 * A database for Kysely, which prepares each statement anew: the center's few dozen stay prepared, and their writes are watched.
 * @param onClosed hears that it is closed
 */
export function watched(sqlite: Sqlite.Database, watch: WriteWatch, onClosed: () => void): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  const transaction = { wrote: false };
  return {
    prepare: (text) => {
      const known = statements.get(text);
      if (known !== undefined) return known;
      const made = watchedStatement(sqlite, text, watch, transaction);
      if (statements.size >= MAX_PREPARED) statements.clear();
      statements.set(text, made);
      return made;
    },
    close: () => {
      sqlite.close();
      onClosed();
    },
  };
}

function watchedStatement(sqlite: Sqlite.Database, text: string, watch: WriteWatch, transaction: { wrote: boolean }): SqliteStatement {
  // A transaction that reads before it writes is refused what somebody else has written between (`SQLITE_BUSY_SNAPSHOT`), and
  // no waiting helps: each takes its turn at its beginning.
  const statement = sqlite.prepare(text === 'begin' ? 'begin immediate' : text);
  const isBegin = /^begin\b/i.test(text);
  const isCommit = /^commit\b/i.test(text);
  const isRollback = /^rollback\b/i.test(text);

  function execute<Value>(run: () => Value): Value {
    const isWrite = !statement.readonly && !isBegin && !isCommit;
    // One outside of a transaction is a transaction of its own.
    const isAlone = isWrite && !sqlite.inTransaction;
    if (isBegin || isAlone) {
      transaction.wrote = false;
      watch.beforeWrite();
    }
    try {
      const value = run();
      if (isWrite) transaction.wrote = true;
      // One that only read says nothing of the disk.
      if ((isCommit || isAlone) && transaction.wrote) watch.written();
      return value;
    } catch (error) {
      watch.failed(error);
      throw error;
    }
  }

  return {
    reader: statement.reader,
    all: (parameters) => execute(() => statement.all(...parameters)),
    // A full disk ends the transaction by itself; a rollback after it would fail, and hide why.
    run: (parameters) => (isRollback && !sqlite.inTransaction ? { changes: 0, lastInsertRowid: 0 } : execute(() => statement.run(...parameters))),
    iterate: (parameters) => statement.iterate(...parameters),
  };
}
