import { randomBytes } from 'node:crypto';
import type { configurationEndpoints } from '../../contract/api/configuration.ts';
import type { ConfigurationChange, ConfigurationObject } from '../../contract/configuration.ts';
import { fail, ok } from '../../contract/errors.ts';
import type { AccountDoor } from '../accounts/endpoints.ts';
import type { ApiHandlers } from '../api.ts';
import type { Clock, ContactCenter } from '../ports.ts';
import { configurationObjects } from '../store/configuration.ts';
import type { Database } from '../store/index.ts';
import { refusalToKey } from './by-key.ts';

export interface ConfigurationParts {
  db: Database;
  clock: Pick<Clock, 'now'>;
  center: Pick<ContactCenter, 'configuration' | 'me'>;
  accounts: Pick<AccountDoor, 'endDesk'>;
}

/** What administrators set up, and see of it. */
export const createConfigurationEndpoints = ({ db, clock, center, accounts }: ConfigurationParts): ApiHandlers<keyof typeof configurationEndpoints> => ({
  'configuration.list': async ({ kind, cursor, limit }) => ok(await configurationObjects(db, kind, cursor, limit)),

  'configuration.change': async ({ changes, dryRun }, { agentId, me, address }) => {
    if (center.configuration === null) return fail('switch.unavailable', 'the center is not running');
    const refused = me.kind === 'key' ? refusalToKey(changes, center) : null;
    if (refused !== null) return refused;
    const twice = secondMention(changes);
    if (twice !== undefined) return fail('input.invalid', `${twice.kind} ${twice.id} is there twice`);
    if (dryRun) return ok({ objects: [], problems: center.configuration.check(changes, agentId) });
    const whole = changes.map(withPassword);
    const changed = await center.configuration.change(whole, { by: agentId, address, at: clock.now() });
    if (!changed.ok) return changed;
    for (const leaver of changed.value.toSignOut) await accounts.endDesk(agentId, leaver, { address });
    return ok({ objects: changed.value.objects.map((object) => withMadeUp(object, changes, whole)), problems: [] });
  },
});

/** A new phone has a password, chosen or made up. */
function withPassword(change: ConfigurationChange): ConfigurationChange {
  if (change.kind !== 'phone' || change.value === null || change.version !== null || change.value.password !== undefined) return change;
  return { ...change, value: { ...change.value, password: randomBytes(18).toString('base64url') } };
}

/** What was made up is told once, to whoever asked for the phone. */
function withMadeUp(object: ConfigurationObject, asked: readonly ConfigurationChange[], whole: readonly ConfigurationChange[]): ConfigurationObject {
  if (object.kind !== 'phone') return object;
  const at = whole.findIndex(({ kind, id }) => kind === 'phone' && id === object.id);
  const made = whole[at];
  return made === asked[at] || made?.kind !== 'phone' || made.value?.password === undefined ? object : { ...object, value: { ...object.value, password: made.value.password } };
}

function secondMention(changes: readonly ConfigurationChange[]): ConfigurationChange | undefined {
  const seen = new Set<string>();
  return changes.find(({ kind, id }) => {
    const name = `${kind} ${id}`;
    const isSecond = seen.has(name);
    seen.add(name);
    return isSecond;
  });
}
