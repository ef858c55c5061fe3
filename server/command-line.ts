import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../contract/errors.ts';

export const USAGE = `Sangdam's center: the desks' server, the web edition and the telephone switch, in one process.

  npm start                       the demo, and a desk in a window
  npm run serve                   a company's own center: no demo, no window
  node server/main.ts [--serve]   the same without building the pages

--serve: no demo, whatever the environment says. It takes no other arguments but --help. Its settings are environment variables, as SANGDAM_PORT and SANGDAM_DATA: README.md
lists them. Accounts are administered by \`npm run sangdam\`.`;

/** What the arguments of the center's command ask for. `input.invalid` names the one that is none. */
export function readCommandLine(args: readonly string[]): Result<'start' | 'serve' | 'help'> {
  try {
    const { values } = parseArgs({ args: [...args], options: { help: { type: 'boolean', short: 'h' }, serve: { type: 'boolean' } } });
    return ok(values.help === true ? 'help' : values.serve === true ? 'serve' : 'start');
  } catch (error) {
    return fail('input.invalid', `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
