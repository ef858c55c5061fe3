const KEY = 'sangdam.devices';
/** A shared desk has a shift's worth of people; more are strangers again. */
const KEPT = 50;

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

/** The marks that accounts were given on this device, by account: none where the browser keeps nothing. */
function read(storage: Storage): [account: string, mark: string][] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((pair): pair is [string, string] => Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'string')) : [];
  } catch {
    return [];
  }
}

/** The mark of this device for an account, whatever the case of its name. */
export const markOf = (account: string, storage: Storage = localStorage): string | undefined => read(storage).find(([name]) => name === account.trim().toLowerCase())?.[1];

/** Keeps the mark of whoever has just signed in. */
export function keepMark(account: string, mark: string, storage: Storage = localStorage): void {
  const name = account.trim().toLowerCase();
  try {
    storage.setItem(KEY, JSON.stringify([[name, mark], ...read(storage).filter(([other]) => other !== name)].slice(0, KEPT)));
  } catch {
    // Nothing is kept here: the next sign-in is a stranger's, and works as well.
  }
}
