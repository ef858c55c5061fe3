import type { setUpEndpoints } from '../../contract/api/setup.ts';
import { ConfigurationProblem } from '../../contract/configuration.ts';
import { done, fail, ok, type Result } from '../../contract/errors.ts';
import type { FieldProblem, FirstOfficeMade } from '../../contract/set-up.ts';
import { z } from 'zod';
import type { ApiHandlers } from '../api.ts';
import { networkOf } from '../bounds/network.ts';
import type { Buckets } from '../gateway/buckets.ts';
import type { GatewayLogger } from '../gateway/logger.ts';
import type { Admission, Clock, ContactCenter } from '../ports.ts';
import { configurationObjects, readConfiguration } from '../store/configuration.ts';
import type { Database } from '../store/index.ts';
import { newInvitation } from '../store/invitations.ts';
import { hashPassword } from '../store/passwords.ts';
import type { SetUpCode } from './code.ts';
import { asFields, planFirstOffice, type FirstOfficePlan } from './first-office.ts';
import { invitedOf } from './invitations.ts';

export interface SetUpParts {
  db: Database;
  clock: Pick<Clock, 'now'>;
  center: Pick<ContactCenter, 'configuration'>;
  /** Known to whoever started the center; null: it is not set up this way, as the demo. */
  setUpCode: SetUpCode | null;
  /** Wrong codes, by network. */
  wrongCodes: Buckets;
  logger: GatewayLogger;
}

/** The first set-up of a center that has no administrator. */
export function createSetUpEndpoints({ db, clock, center, setUpCode, wrongCodes, logger }: SetUpParts): ApiHandlers<keyof typeof setUpEndpoints> {
  const isNeeded = (): boolean => setUpCode !== null && center.configuration !== null && !center.configuration.hasAdministrator;

  /** Whether this is the code; a wrong one is counted and told of, though never written down. */
  function refusalOf(code: string, address: string): Result<never> | null {
    if (setUpCode === null) return fail('setup.done', 'not set up this way');
    const network = networkOf(address);
    const waitMs = wrongCodes.waitMs(network);
    if (waitMs > 0) return fail('auth.rate-limited', 'too many wrong codes', waitMs);
    if (!setUpCode.matches(code)) {
      wrongCodes.take(network);
      logger.warn({ address }, 'a wrong set-up code was tried');
      return fail('setup.code-wrong', 'not the code that the center printed when it started');
    }
    return setUpCode.isExpired ? fail('setup.code-expired', 'the code was good for a day: start the center again') : null;
  }

  return {
    'setup.state': async () => ok({ needed: isNeeded() }),

    'setup.check': async ({ code }, { address }) => {
      if (!isNeeded()) return fail('setup.done', 'there is an administrator');
      return refusalOf(code, address) ?? done();
    },

    'setup.make': async ({ code, ...asked }, { address }) => {
      if (center.configuration === null) return fail('switch.unavailable', 'the center is not running');
      if (!isNeeded()) return fail('setup.done', 'there is an administrator');
      const refusal = refusalOf(code, address);
      if (refusal !== null) return refusal;
      const [present] = (await configurationObjects(db, 'center', -1, 1)).objects;
      const { plan, problems } = planFirstOffice(asked, await readConfiguration(db), present?.version ?? null);
      if (plan === null) return invalid(problems);
      const now = clock.now();
      const admissions = await admissionsOf(plan, asked.administrator.password, now);
      const changed = await center.configuration.setUp(plan.changes, { by: null, address, at: now, admissions });
      if (!changed.ok) {
        const found = z.array(ConfigurationProblem).safeParse(changed.error.present);
        return changed.error.code === 'configuration.invalid' && found.success ? invalid(asFields(found.data, plan.fieldOf)) : changed;
      }
      logger.info({ people: plan.people.length }, 'the center is set up');
      const { objects } = changed.value;
      const invited = objects.flatMap((object) => invitedOf(object, admissions));
      return ok({
        company: asked.company,
        timeZone: asked.timeZone,
        administrator: { agentId: plan.administrator, account: asked.administrator.account },
        groups: objects.flatMap((object) => (object.kind === 'group' ? [{ groupId: object.id, name: object.value.name }] : [])),
        numbers: objects.flatMap((object) => (object.kind === 'number' ? [{ number: object.id, name: object.value.name, flowId: object.value.flowId }] : [])),
        people: invited,
      } as FirstOfficeMade);
    },
  };
}

const invalid = (problems: readonly FieldProblem[]): Result<never> => ({ ok: false, error: { code: 'setup.invalid', message: problems.map(({ field, code, other }) => `${field}: ${code} ${other}`.trim()).join('; '), present: problems } });

/** The administrator has the password they chose; everybody else is invited. */
export async function admissionsOf({ administrator, people }: Pick<FirstOfficePlan, 'administrator' | 'people'>, password: string, now: number): Promise<Admission[]> {
  return [{ agentId: administrator, kind: 'password', passwordHash: await hashPassword(password) }, ...people.map((agentId) => ({ agentId, kind: 'invitation' as const, invitation: newInvitation(now) }))];
}
