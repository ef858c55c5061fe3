import type { configurationEndpoints } from '../../contract/api/configuration.ts';
import type { ConfigurationChange } from '../../contract/configuration.ts';
import { fail, ok } from '../../contract/errors.ts';
import type { AccountDoor } from '../accounts/endpoints.ts';
import type { ApiHandlers } from '../api.ts';
import type { Clock, ContactCenter } from '../ports.ts';
import { configurationObjects } from '../store/configuration.ts';
import type { Database } from '../store/index.ts';

export interface ConfigurationParts {
  db: Database;
  clock: Pick<Clock, 'now'>;
  center: Pick<ContactCenter, 'configuration'>;
  accounts: Pick<AccountDoor, 'signOut'>;
}

/** What administrators set up, and see of it. */
export const createConfigurationEndpoints = ({ db, clock, center, accounts }: ConfigurationParts): ApiHandlers<keyof typeof configurationEndpoints> => ({
  'configuration.list': async ({ kind, cursor, limit }) => ok(await configurationObjects(db, kind, cursor, limit)),

  'configuration.change': async ({ changes, dryRun }, { agentId, address }) => {
    if (center.configuration === null) return fail('switch.unavailable', 'the center is not running');
    const twice = secondMention(changes);
    if (twice !== undefined) return fail('input.invalid', `${twice.kind} ${twice.id} is there twice`);
    if (dryRun) return ok({ objects: [], problems: center.configuration.check(changes, agentId) });
    const changed = await center.configuration.change(changes, { by: agentId, address, at: clock.now() });
    if (!changed.ok) return changed;
    for (const leaver of changed.value.toSignOut) await accounts.signOut(agentId, leaver, { address });
    return ok({ objects: changed.value.objects, problems: [] });
  },
});

function secondMention(changes: readonly ConfigurationChange[]): ConfigurationChange | undefined {
  const seen = new Set<string>();
  return changes.find(({ kind, id }) => {
    const name = `${kind} ${id}`;
    const isSecond = seen.has(name);
    seen.add(name);
    return isSecond;
  });
}
