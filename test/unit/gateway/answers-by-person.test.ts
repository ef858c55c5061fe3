import { describe, expect, it } from 'vitest';
import { AnswersByPerson } from '../../../center/gateway/api/answers-by-person.ts';
import { ok } from '../../../contract/errors.ts';
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
});
