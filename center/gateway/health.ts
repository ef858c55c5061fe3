import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hasScope } from '../../contract/permissions.ts';
import type { Clock, ContactCenter } from '../ports.ts';
import type { Store } from '../store/index.ts';
import { bearerOf, type Authenticate } from './authentication.ts';
import { isLoopback } from './hosts.ts';

export interface HealthOptions {
  center: Pick<ContactCenter, 'switchAvailable' | 'contactCount'>;
  store: Pick<Store, 'trouble' | 'badRows'>;
  clock: Pick<Clock, 'monotonic'>;
  version: string;
  switchTrouble?: () => string | null;
  switchWarning?: () => string | null;
  tlsTrouble?: () => string | null;
  workerTrouble?: () => string | null;
  mediaTrouble?: () => string | null;
  authenticate: Authenticate;
  desks: () => number;
}

/** What a proxy adds: with one of them, the peer at loopback speaks for somebody else. */
const PROXIED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'] as const;

/**
 * `GET /healthz`: `{ ok }` to anybody, with 503 while the center cannot work. What there is to know besides goes to
 * this very machine, and to those in charge by their bearer token.
 */
export function addHealthRoute(app: FastifyInstance, options: HealthOptions): void {
  const { center, store, clock, version, switchTrouble, switchWarning, tlsTrouble, workerTrouble, mediaTrouble, authenticate, desks } = options;
  const startedAt = clock.monotonic();

  app.get('/healthz', async (request, reply) => {
    const storeTrouble = await store.trouble();
    const health = { switch: center.switchAvailable, store: storeTrouble === null };
    const isOk = health.switch && health.store;
    void reply.code(isOk ? 200 : 503);
    if (!isHere(request) && !(await isInCharge(request))) return reply.send({ ok: isOk });
    const troubles = Object.entries({ switchTrouble: switchTrouble?.() ?? null, switchWarning: switchWarning?.() ?? null, storeTrouble, tlsTrouble: tlsTrouble?.() ?? null, workerTrouble: workerTrouble?.() ?? null, mediaTrouble: mediaTrouble?.() ?? null }).filter(([, trouble]) => trouble !== null);
    return reply.send({ ok: isOk, ...health, ...Object.fromEntries(troubles), ...(store.badRows > 0 && { badRows: store.badRows }), version, desks: desks(), contacts: center.contactCount, uptimeMs: Math.round(clock.monotonic() - startedAt) });
  });

  async function isInCharge({ headers }: FastifyRequest): Promise<boolean> {
    const token = bearerOf(headers.authorization);
    const caller = token === null ? null : await authenticate(token);
    return caller?.ok === true && hasScope(caller.value.me, 'center.watch');
  }
}

/** Whether somebody at this machine asks, for themselves. */
function isHere({ socket, headers }: FastifyRequest): boolean {
  return socket.remoteAddress !== undefined && isLoopback(socket.remoteAddress) && PROXIED.every((name) => headers[name] === undefined);
}
