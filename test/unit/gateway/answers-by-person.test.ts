import { describe, expect, it } from 'vitest';
import { AnswersByPerson } from '../../../center/gateway/answers-by-person.ts';
import { fail, ok, type Result } from '../../../contract/errors.ts';
import { AgentId } from '../../../contract/ids.ts';
import { TestClock } from '../center/center-stage.ts';

const HOUR_MS = 3600_000;

describe('answers kept by key', () => {
  it('are given again within the hour, and are forgotten then, whoever asks', async () => {
    const clock = new TestClock();
    const answers = new AnswersByPerson(clock);
    let acted = 0;
    const ask = (person: string, request: unknown = 'a') => answers.once(AgentId.parse(person), 'key-0001', request, () => Promise.resolve(ok(++acted)));
    await ask('agent1');
    await clock.pass(HOUR_MS - 1000);
    expect(await ask('agent1')).toEqual(ok(1));
    expect(await ask('agent2')).toEqual(ok(2));
    expect(ask('agent1', 'b')).toBeNull();
    await clock.pass(1000);
    expect(await ask('agent2')).toEqual(ok(2));
    expect(await ask('agent1', 'b')).toEqual(ok(3));
  });

  it('are the newest few of each person, and a person is forgotten who has not written for an hour', async () => {
    const clock = new TestClock();
    const answers = new AnswersByPerson(clock);
    const [one, other] = [AgentId.parse('agent1'), AgentId.parse('agent2')];
    let acted = 0;
    const ask = (person: AgentId, key: string) => answers.once(person, key, key, () => Promise.resolve(ok(++acted)));
    for (let i = 0; i <= 64; i++) await ask(one, `key-${i}`);
    expect(await ask(one, 'key-64')).toEqual(ok(65));
    expect(await ask(one, 'key-0')).toEqual(ok(66));
    expect(answers.size).toBe(64);
    await clock.pass(HOUR_MS);
    await ask(other, 'key-of-another');
    expect(answers.size).toBe(1);
  });

  it('failure: what came to nothing may be tried again with the same key', async () => {
    const answers = new AnswersByPerson(new TestClock());
    const ask = (result: Result<string>) => answers.once(AgentId.parse('agent1'), 'key-0001', 'a', () => Promise.resolve(result));
    expect(await ask(fail('store.unavailable', 'full'))).toMatchObject({ ok: false });
    expect(await ask(ok('written'))).toEqual(ok('written'));
    expect(await ask(ok('written twice'))).toEqual(ok('written'));
  });
});
