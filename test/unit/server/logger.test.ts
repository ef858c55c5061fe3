import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../server/logger.ts';

/** A logger and everything it wrote. */
function recording() {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { logger: createLogger('debug', destination), written: () => lines.join('') };
}

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZ2VudDEifQ.c2lnbmF0dXJl';

describe('the log', () => {
  it('keeps ids, codes and counts as they are', () => {
    const { logger, written } = recording();
    logger.info({ agentId: 'agent1', contactId: 'k-1795311058000', extension: '1001', waitedMs: 1795311058000 }, 'call answered');
    expect(JSON.parse(written())).toMatchObject({ agentId: 'agent1', contactId: 'k-1795311058000', extension: '1001', waitedMs: 1795311058000, msg: 'call answered' });
  });

  it('has no tokens', () => {
    const { logger, written } = recording();
    logger.info({ accessToken: JWT, headers: { authorization: `Bearer ${JWT}` }, list: [{ refreshToken: 'r3fr3sh' }] }, `got ${JWT}`);
    logger.child({ token: 'ch1ld' }).warn('Bearer abc.def');
    for (const secret of [JWT, 'r3fr3sh', 'ch1ld', 'abc.def']) expect(written()).not.toContain(secret);
  });

  it('has no passwords of people or phones', () => {
    const { logger, written } = recording();
    logger.error({ sip: { user: '1001', password: 's1p-secret', sipPassword: 's1p-other' }, err: Object.assign(new Error('failed'), { password: 'in-an-error' }) }, 'register');
    for (const secret of ['s1p-secret', 's1p-other', 'in-an-error']) expect(written()).not.toContain(secret);
    expect(written()).toContain('1001');
  });

  it('has no phone numbers, in fields, texts or errors', () => {
    const { logger, written } = recording();
    const numbers = ['+821012345678', '010-1234-5678', '01012345678', '02-123-4567', '+82-10-1234-5678'];
    for (const number of numbers) logger.info({ number, err: new Error(`no route to ${number}`, { cause: new Error(number) }) }, `dialling ${number}`);
    for (const number of numbers) expect(written()).not.toContain(number);
    expect(written()).toContain('no route to …78');
  });

  it('survives circles', () => {
    const { logger, written } = recording();
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    logger.info({ circle }, 'round');
    expect(written()).toContain('[deep]');
  });
});
