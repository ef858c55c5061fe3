import { Secret, TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { Devices } from '../../../center/accounts/devices.ts';
import { keyFor, seal, unseal } from '../../../center/accounts/keys.ts';
import { Tickets, type Step } from '../../../center/accounts/tickets.ts';
import { TotpFactors } from '../../../center/accounts/totp.ts';
import { recoveryCodesLeft, removeTotp, totpOf } from '../../../center/store/factors.ts';
import { AgentId } from '../../../contract/ids.ts';
import { demoStore, NOW } from '../store/support.ts';

const KEY = Buffer.alloc(32, 7);
const [ONE, TWO] = [AgentId.parse('agent1'), AgentId.parse('agent2')];
const STEP_MS = 30_000;

const codeOf = (secret: string, at: number): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });

/** agent1 with an authenticator that is in use since a while. */
async function enrolled() {
  const { db } = await demoStore();
  const factors = new TotpFactors(db, KEY);
  const begun = await factors.begin(ONE, 'agent1');
  if (begun === null) throw new Error('not begun');
  const recovery = await factors.confirm(ONE, codeOf(begun.secret, NOW - 10 * STEP_MS), NOW - 10 * STEP_MS);
  if (recovery === null) throw new Error('not confirmed');
  return { db, factors, recovery, ...begun };
}

describe('an authenticator app', () => {
  it('is told all it needs by one address', async () => {
    const { uri, secret } = await enrolled();
    expect(uri).toMatch(new RegExp(`^otpauth://totp/Sangdam:agent1\\?issuer=Sangdam&secret=${secret}&algorithm=SHA1&digits=6&period=30$`));
    expect(Buffer.from(Secret.fromBase32(secret).bytes)).toHaveLength(20);
  });

  it('opens nothing before a code of it was given', async () => {
    const { db } = await demoStore();
    const factors = new TotpFactors(db, KEY);
    const begun = await factors.begin(ONE, 'agent1');
    expect(await factors.check(ONE, codeOf(begun?.secret ?? '', NOW), NOW)).toBe(false);
    expect(await factors.confirm(ONE, '000000', NOW)).toBeNull();
    expect(await factors.confirm(ONE, codeOf(begun?.secret ?? '', NOW), NOW)).toHaveLength(10);
  });

  it('has codes that are good for a step on either side, and once', async () => {
    const { factors, secret } = await enrolled();
    expect(await factors.check(ONE, codeOf(secret, NOW - STEP_MS), NOW)).toBe(true);
    expect(await factors.check(ONE, codeOf(secret, NOW - STEP_MS), NOW)).toBe(false);
    expect(await factors.check(ONE, codeOf(secret, NOW + STEP_MS), NOW)).toBe(true);
    // Of a step before the last one that was used, too.
    expect(await factors.check(ONE, codeOf(secret, NOW), NOW)).toBe(false);
    expect(await factors.check(ONE, codeOf(secret, NOW + 5 * STEP_MS), NOW)).toBe(false);
  });

  it('lets one of two in who give the same code at one moment', async () => {
    const { factors, secret } = await enrolled();
    const code = codeOf(secret, NOW);
    const both = await Promise.all([factors.check(ONE, code, NOW), factors.check(ONE, code, NOW)]);
    expect(both.filter(Boolean)).toHaveLength(1);
  });

  it('has its secret sealed in the database, for this person and this installation', async () => {
    const { db, secret } = await enrolled();
    const { sealedSecret = '' } = (await totpOf(db, ONE)) ?? {};
    expect(sealedSecret).not.toContain(secret);
    expect(await new TotpFactors(db, Buffer.alloc(32, 8)).check(ONE, codeOf(secret, NOW), NOW)).toBe(false);
    await db.updateTable('totp_factors').set({ agent_id: TWO }).execute();
    expect(await new TotpFactors(db, KEY).check(TWO, codeOf(secret, NOW), NOW)).toBe(false);
  });

  it('that is in use is not replaced by who begins another', async () => {
    const { factors, secret } = await enrolled();
    expect(await factors.begin(ONE, 'agent1')).toBeNull();
    expect(await factors.check(ONE, codeOf(secret, NOW), NOW)).toBe(true);
  });
});

describe('recovery codes', () => {
  it('stand in for the app, each once, however they are typed', async () => {
    const { db, factors, recovery } = await enrolled();
    const [first = '', second = ''] = recovery;
    expect(await factors.checkRecovery(ONE, first.toLowerCase().replaceAll('-', ' '), NOW)).toBe(true);
    expect(await factors.checkRecovery(ONE, first, NOW)).toBe(false);
    expect(await factors.checkRecovery(TWO, second, NOW)).toBe(false);
    expect(await recoveryCodesLeft(db, ONE)).toBe(9);
    expect(JSON.stringify(await db.selectFrom('recovery_codes').selectAll().execute())).not.toContain(second);
  });

  it('are worthless after new ones, and without the app', async () => {
    const { db, factors, recovery } = await enrolled();
    const fresh = await factors.newRecoveryCodes(ONE);
    expect(await factors.checkRecovery(ONE, recovery[0] ?? '', NOW)).toBe(false);
    await removeTotp(db, ONE);
    expect(await factors.checkRecovery(ONE, fresh[0] ?? '', NOW)).toBe(false);
  });
});

describe('tickets', () => {
  const step: Step = { kind: 'factor', agentId: ONE, passwordHash: 'hash', client: 'web', device: null, console: false };
  const clock = { at: 0, monotonic: () => clock.at };

  it('are good for their step alone, once, and for minutes', () => {
    const tickets = new Tickets(clock);
    const ticket = tickets.issue(step);
    expect(tickets.look(ticket, 'factor')).toMatchObject({ agentId: 'agent1' });
    expect(tickets.look(ticket, 'password')).toBeNull();
    expect([tickets.spend(ticket, 'factor'), tickets.spend(ticket, 'factor')]).toEqual([true, false]);
    const late = tickets.issue(step);
    clock.at += 5 * 60_000;
    expect(tickets.look(late, 'factor')).toBeNull();
  });

  it('end after five wrong answers, or with the password', () => {
    const tickets = new Tickets(clock);
    const ticket = tickets.issue(step);
    for (let turn = 0; turn < 5; turn++) tickets.wrong(ticket);
    expect(tickets.look(ticket, 'factor')).toBeNull();
    const other = tickets.issue(step);
    tickets.forget(ONE);
    expect(tickets.look(other, 'factor')).toBeNull();
  });

  it('of one person push nobody else’s out, however often the right password is given', () => {
    const tickets = new Tickets(clock);
    const others = tickets.issue({ ...step, agentId: TWO });
    const own = Array.from({ length: 5000 }, () => tickets.issue(step));
    expect(tickets.look(others, 'factor')).toMatchObject({ agentId: 'agent2' });
    expect(own.filter((ticket) => tickets.look(ticket, 'factor') !== null)).toEqual(own.slice(-20));
  });

  it('have a challenge once', () => {
    const tickets = new Tickets(clock);
    const ticket = tickets.issue(step);
    tickets.setChallenge(ticket, 'c');
    expect([tickets.takeChallenge(ticket), tickets.takeChallenge(ticket)]).toEqual(['c', null]);
  });
});

describe('marks of devices, and seals', () => {
  it('are of one person, and cannot be made up', () => {
    const devices = new Devices(KEY);
    const mark = devices.mark(ONE);
    expect(devices.idOf(ONE, mark)).toBe(mark.split('.')[0]);
    for (const forged of [mark.slice(0, -1), `x${mark}`, '', '.', 'a.b']) expect(devices.idOf(ONE, forged)).toBeNull();
    expect(devices.idOf(TWO, mark)).toBeNull();
    expect(new Devices(Buffer.alloc(32, 8)).idOf(ONE, mark)).toBeNull();
  });

  it('open with their key and for their context alone', () => {
    const [key, other] = [keyFor(KEY, 'a'), keyFor(KEY, 'b')];
    const sealed = seal(key, 'secret', 'agent1');
    expect(unseal(key, sealed, 'agent1')?.toString()).toBe('secret');
    for (const opened of [unseal(other, sealed, 'agent1'), unseal(key, sealed, 'agent2'), unseal(key, sealed.subarray(0, -2), 'agent1'), unseal(key, Buffer.alloc(0), 'agent1')]) expect(opened).toBeNull();
    expect(seal(key, 'secret', 'agent1')).not.toEqual(sealed);
    // As files and factors of centers before lie on their disks.
    expect(unseal(keyFor(KEY, 'sealed file'), Buffer.from('7nYf9S2p__ZYg69Qn0NqgDesSxlpxtvpcIaRy62DrReQNg7B6-qc', 'base64url'))?.toString()).toBe('signing key');
    expect(unseal(keyFor(KEY, 'factor'), Buffer.from('6AJ2WKxxVOWoU65tTIxjrjPbY6bQOBp9IwSkGLtcPHDQZd6HJbCEUHwcJTk', 'base64url'), 'agent1')?.toString()).toBe('secret of an app');
  });
});
