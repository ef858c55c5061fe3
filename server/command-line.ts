import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../contract/errors.ts';

export const USAGE = `Sangdam's center: the desks' server, the web edition and the telephone switch, in one process.

  npm start               the center, and a desk in a window
  node server/main.ts     the center alone

It takes no arguments but --help. Its settings are environment variables, as SANGDAM_PORT and SANGDAM_DATA: README.md
lists them. Accounts are administered by \`npm run sangdam\`.`;

/** What the arguments of the center's command ask for. `input.invalid` names the one that is none. */
export function readCommandLine(args: readonly string[]): Result<'start' | 'help'> {
  try {
    const { values } = parseArgs({ args: [...args], options: { help: { type: 'boolean', short: 'h' } } });
    return ok(values.help === true ? 'help' : 'start');
  } catch (error) {
    return fail('input.invalid', `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
