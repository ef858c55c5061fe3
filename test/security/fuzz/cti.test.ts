import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswersByPerson } from '../../../center/gateway/answers-by-person.ts';
import { Desk } from '../../../center/gateway/desk.ts';
import type { Limiter } from '../../../center/gateway/limits.ts';
import { ctiCommands, type CtiCommandName } from '../../../contract/cti/index.ts';
import { resultOf } from '../../../contract/errors.ts';
import { centerStage, settle, type CenterStage } from '../../unit/center/center-stage.ts';
import { violations } from '../../unit/center/violations.ts';
import { fromSchema } from './support/from-schema.ts';
import { hostileValue } from './support/hostile.ts';
import { fuzz } from './support/run.ts';

const AGENTS = ['agent1', 'agent2', 'agent3', 'agent4'];
const DESKS = [...AGENTS, 'supervisor'];
const commands = Object.keys(ctiCommands) as CtiCommandName[];
/** A command is answered within this time on the center's clock, whatever the switch does. */
const DEADLINE_MS = 30_000;
const unlimited: Limiter = { take: () => Promise.resolve(null) };

/** Stand for the sender's first and second contact when the command is sent, and for one of somebody else's. */
const CONTACTS = ['contact-0', 'contact-1', 'contact-2'];
const known = {
  contactId: ['contact-0', 'contact-0', ...CONTACTS],
  agentId: [...AGENTS, 'agent5', 'supervisor', 'admin', 'nobody'],
  groupId: ['orders', 'technical', 'nothing'],
  number: ['1001', '1002', '1901', '01000000002', '+821000000003', '15880000', '112', '00911234567', '1099'],
  dispositionId: ['d1', 'd2', 'none'],
  customerId: ['customer-1', 'customer-2'],
};

const requests = commands.map((type) => fc.record({ type: fc.constant(type), key: fc.uuid(), payload: fromSchema(ctiCommands[type].request, { known, dirtOneIn: 25 }) }));

const anyMessage = (): fc.Arbitrary<unknown> => {
  const bent = fc.record({ type: fc.oneof(fc.constantFrom(...commands), hostileValue()), key: fc.oneof(fc.constantFrom('the-same-key', 'short'), fc.uuid()), payload: hostileValue() }, { requiredKeys: [] });
  return fc.oneof({ weight: 12, arbitrary: fc.oneof(...requests) }, { weight: 1, arbitrary: bent }, { weight: 1, arbitrary: hostileValue() });
};

type Step = { desk: string; message: unknown } | { world: 'call' | 'answer' | 'hangUp' | 'hold' | 'reject'; at: number } | { passMs: number };

const anyStep = (): fc.Arbitrary<Step> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ desk: fc.constantFrom('agent1', 'agent2', ...DESKS), message: anyMessage() }) },
    { weight: 1, arbitrary: fc.record({ desk: fc.constantFrom(...AGENTS), message: fc.record({ type: fc.constant('agent.setState'), key: fc.uuid(), payload: fc.constant({ choice: { kind: 'ready' } }) }) }) },
    { weight: 6, arbitrary: fc.record({ world: fc.constantFrom('call', 'answer', 'answer', 'hangUp', 'hold', 'reject'), at: fc.nat({ max: 9 }) }) },
    { weight: 1, arbitrary: fc.record({ passMs: fc.constantFrom(100, 1000, 20_000) }) },
  );

/** A message about a contact that is there, where there is one. */
function aimed(message: unknown, own: readonly string[], others: readonly string[]): unknown {
  if (typeof message !== 'object' || message === null || !('payload' in message)) return message;
  const { payload } = message;
  if (typeof payload !== 'object' || payload === null || !('contactId' in payload)) return message;
  const place = CONTACTS.findIndex((one) => one === payload.contactId);
  return place < 0 ? message : { ...message, payload: { ...payload, contactId: (place === 2 ? others : own)[place % 2] ?? own[0] ?? payload.contactId } };
}

const Answer = (type: unknown) => resultOf(commands.some((name) => name === type) ? ctiCommands[type as CtiCommandName].response : ctiCommands['agent.setState'].response);

/** The gateway's desks on a real core and a switch without audio. */
async function office() {
  const stage = await centerStage();
  const faults: unknown[] = [];
  const desks = new Map<string, Desk>();
  for (const name of DESKS) {
    const { connection, agentId } = await stage.signIn(name);
    const desk = new Desk(agentId, {
      me: () => stage.center.me(agentId, 'desk'),
      whoIs: (other) => stage.center.me(other, 'desk'),
      emit: () => {},
      emitTopic: () => true,
      onReplaced: () => {},
      onSignedOut: () => {},
      audit: () => Promise.resolve(),
      answers: new AnswersByPerson(stage.clock),
      commands: unlimited,
      dialling: unlimited,
      logger: { info: () => {}, warn: () => {}, error: (fields) => void faults.push(fields) },
    });
    if (connection !== null) desk.attach(connection);
    desks.set(name, desk);
  }
  for (const phone of ['1901', '1902']) stage.switchPort.register(phone);
  // Two talk, one waits for a call, one is away.
  for (const name of ['agent1', 'agent2']) {
    await stage.ready(name);
    await stage.customerCalls();
    await stage.answer(name.replace('agent', '100'));
  }
  await stage.ready('agent3');
  return { stage, desks, faults };
}

/** What a desk's message is answered, within the deadline on the center's clock. */
async function answered(stage: CenterStage, desk: Desk, sent: unknown): Promise<unknown> {
  const answers: unknown[] = [];
  void desk.receive(sent).then((result) => answers.push(result));
  for (let waitedMs = 0; answers.length === 0 && waitedMs < DEADLINE_MS; waitedMs += 1000) {
    await settle();
    if (answers.length === 0) await stage.clock.pass(1000);
  }
  return answers[0] ?? null;
}

function happens(stage: CenterStage, world: 'call' | 'answer' | 'hangUp' | 'hold' | 'reject', at: number): unknown {
  const { switchPort } = stage;
  const channels = [...switchPort.channels.values()];
  const pick = (of: typeof channels): string => of[at % Math.max(of.length, 1)]?.channelId ?? '';
  const ringing = channels.filter(({ state }) => state === 'ringing');
  switch (world) {
    case 'call':
      return stage.customerCalls(`+8210000000${String(at).padStart(2, '0')}`);
    case 'answer':
      return switchPort.phoneAnswers(pick(ringing));
    case 'reject':
      return switchPort.phoneEnds(pick(ringing), 'rejected');
    case 'hold':
      return switchPort.hold(pick(channels), at % 2 === 0);
    case 'hangUp':
      return switchPort.phoneEnds(pick(channels), 'normal');
  }
}

async function take(step: Step, { stage, desks }: Awaited<ReturnType<typeof office>>): Promise<void> {
  if ('passMs' in step) {
    await stage.clock.pass(step.passMs);
    return;
  }
  if ('world' in step) {
    await happens(stage, step.world, step.at);
    await settle();
    return;
  }
  const contactsOf = (name: string): string[] => [...stage.desk(name).contacts.keys()];
  const sent = aimed(step.message, contactsOf(step.desk), DESKS.filter((name) => name !== step.desk).flatMap(contactsOf));
  const desk = desks.get(step.desk);
  const answer = desk === undefined ? null : await answered(stage, desk, sent);
  const type = typeof sent === 'object' && sent !== null && 'type' in sent ? sent.type : null;
  expect({ sent, answer, isResult: Answer(type).safeParse(answer).success }).toMatchObject({ isResult: true });
}

/** Everybody hangs up, and every deadline passes. */
async function allGoHome(stage: CenterStage): Promise<void> {
  for (let minutes = 0; minutes < 4; minutes++) {
    for (const channelId of stage.switchPort.channels.keys()) stage.switchPort.phoneEnds(channelId);
    await stage.clock.pass(60_000);
  }
}

describe('fuzz: what desks send as commands', () => {
  it('is answered by a Result with a known code, and leaves no agent stuck and no channel behind', async () => {
    await fuzz(
      'CTI',
      40,
      fc.asyncProperty(fc.array(anyStep(), { minLength: 5, maxLength: 60 }), async (steps) => {
        const opened = await office();
        const { stage, faults } = opened;
        try {
          for (const one of steps) await take(one, opened);
          await settle();
          const signedIn = AGENTS.filter((name) => stage.center.me(stage.desk(name).agentId, 'desk') !== null);
          expect(await violations(stage, signedIn)).toEqual([]);
          await allGoHome(stage);
          expect(await violations(stage, signedIn)).toEqual([]);
          expect([...stage.switchPort.channels.keys(), ...stage.switchPort.bridges]).toEqual([]);
          const states = await Promise.all(signedIn.map(async (name) => (await stage.card(name)).state.name));
          expect(states.filter((name) => !['READY', 'NOT_READY', 'LOGGED_OUT'].includes(name))).toEqual([]);
          expect(faults).toEqual([]);
        } finally {
          await stage.center.stop();
        }
      }),
    );
  });

  it('acts once for a key, whatever comes with it', async () => {
    const { stage, desks } = await office();
    const desk = desks.get('agent1');
    await fuzz(
      'keys of commands',
      100,
      fc.asyncProperty(anyMessage(), async (sent) => {
        const key = randomUUID();
        const bent = typeof sent === 'object' && sent !== null ? { ...sent, key } : sent;
        const [first, second] = [await desk?.receive(bent), await desk?.receive(bent)];
        const isQuestion = typeof sent === 'object' && sent !== null && 'type' in sent && sent.type === 'sync.snapshot';
        expect(isQuestion ? first?.ok : second).toEqual(isQuestion ? second?.ok : first);
      }),
    );
    await stage.center.stop();
  });
});
