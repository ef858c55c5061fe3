import type { CtiCommand } from '../../contract/cti/command.ts';
import { CommandEnvelope, ctiCommands, type CtiCommandName, type CtiEvent, type CtiEventName, type CtiRequest, type EventEnvelope, type TopicMessage } from '../../contract/cti/index.ts';
import type { Me } from '../../contract/directory.ts';
import { done, fail, ok, type Result } from '../../contract/errors.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { DeskConnection, DeskSink } from '../ports.ts';
import { causeOf } from '../store/index.ts';
import type { AnswersByPerson } from './answers-by-person.ts';
import type { Limiter } from './limits.ts';
import type { GatewayLogger } from './logger.ts';
import { auditedSubject, refusal } from './permissions.ts';
import { harmIn } from './tame.ts';

export interface DeskOptions {
  me: () => Me | null;
  whoIs: (agentId: AgentId) => Me | null;
  /** Hands an event to the socket. */
  emit: (envelope: EventEnvelope) => void;
  /** The same of what is looked at; false where too much waits for this desk to be sent. */
  emitTopic: (message: TopicMessage) => boolean;
  /** The desk has been replaced by another sign-in: nothing more will come. */
  onReplaced: () => void;
  /** The core has signed the agent out. */
  onSignedOut: () => void;
  audit: (actor: AgentId, action: CtiCommandName, subject: string, request: unknown, result: Result<unknown>) => Promise<void>;
  answers: AnswersByPerson;
  commands: Limiter;
  dialling: Limiter;
  logger: GatewayLogger;
}

/** What somebody who is being signed out is still told: of their call, and of themselves. */
const OF_THE_CALL: ReadonlySet<CtiEventName> = new Set<CtiEventName>(['contact.changed', 'contact.removed', 'directory.changed', 'notice.raised', 'session.ending', 'session.replaced', 'switch.changed']);

/** A command that passed every check but has not acted. */
type Intent = { [Name in CtiCommandName]: { name: Name; request: CtiRequest<Name> } }[CtiCommandName];

const isCommandName = (name: string): name is CtiCommandName => Object.hasOwn(ctiCommands, name);

/**
 * One connected desk, apart from its socket: numbers events, checks commands and passes them to the core.
 * While a snapshot is being made, events wait, so that the snapshot's `seq` is true and none comes between.
 */
export class Desk implements DeskSink {
  private readonly agentId: AgentId;
  private readonly options: DeskOptions;
  private connection: DeskConnection | null = null;
  private seq = 0;
  /** Snapshots being made or not yet sent. */
  private holds = 0;
  private waiting: CtiEvent[] = [];
  private closed = false;
  private isEnding = false;

  constructor(agentId: AgentId, options: DeskOptions) {
    this.agentId = agentId;
    this.options = options;
  }

  attach(connection: DeskConnection): void {
    this.connection = connection;
  }

  send(event: CtiEvent): void {
    if (this.closed || (this.isEnding && !OF_THE_CALL.has(event.type))) return;
    if (this.holds > 0 && event.type !== 'session.replaced') {
      this.waiting.push(event);
      return;
    }
    this.seq += 1;
    this.options.emit({ seq: this.seq, type: event.type, payload: event.payload });
    if (event.type === 'session.replaced') this.options.onReplaced();
  }

  topic(message: TopicMessage): boolean {
    return this.closed || this.options.emitTopic(message);
  }

  /** What waited for this desk has been taken. */
  caughtUp(): void {
    if (!this.closed) this.connection?.topics.caughtUp();
  }

  signedOut(): void {
    if (!this.closed) this.options.onSignedOut();
  }

  /** The sign-in is over but for the call at hand: what that takes is done, and nothing else. */
  endAfterCall(): void {
    this.isEnding = true;
    this.connection?.topics.close();
    this.send({ type: 'session.ending', payload: {} });
  }

  /** The socket is gone, for whatever reason. Twice is once. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.waiting = [];
    this.connection?.disconnected();
  }

  /** Answers whatever a desk sent as a command. Never throws. */
  async receive(message: unknown): Promise<Result<unknown>> {
    try {
      const envelope = readEnvelope(message);
      if (!envelope.ok) return envelope;
      return (await this.limited(envelope.value.type)) ?? (await this.obey(envelope.value));
    } catch (error) {
      this.options.logger.error({ err: error, agentId: this.agentId }, 'a command failed unexpectedly');
      if (causeOf(error) !== null) return fail('store.unavailable', 'the center cannot write now');
      return fail('unexpected', 'the center failed at this');
    }
  }

  private async limited(type: string): Promise<Result<never> | null> {
    const { commands, dialling } = this.options;
    const spent = await commands.take(this.agentId);
    if (spent) return spent;
    return isCommandName(type) && rowOf(type).dials === true ? dialling.take(this.agentId) : null;
  }

  private async obey({ type, key, payload }: CommandEnvelope): Promise<Result<unknown>> {
    const intent = readIntent(type, payload);
    if (!intent.ok) return intent;
    const me = this.options.me();
    if (me === null || this.connection === null || this.closed) return fail('auth.replaced', 'this desk is signed out');
    const { name, request } = intent.value;
    const refused = refusal(me, name, request, this.options.whoIs);
    if (this.isEnding && rowOf(name).forTheCall !== true) return fail('auth.replaced', 'this sign-in has ended');
    if (refused) {
      await this.record(intent.value, refused);
      return refused;
    }
    // What is a question is answered anew when it is asked again.
    if (name === 'sync.snapshot') return this.snapshot(this.connection);
    if (name === 'topic.subscribe') return this.connection.topics.subscribe(request);
    if (name === 'topic.unsubscribe') {
      this.connection.topics.unsubscribe(request);
      return done();
    }
    const { connection } = this;
    const answer = this.options.answers.once(this.agentId, key, intent.value, async () => {
      const result = await connection.command(name, request);
      await this.record(intent.value, result);
      return result;
    });
    return answer ?? fail('input.invalid', 'this key was used for another command');
  }

  private async snapshot(connection: DeskConnection): Promise<Result<unknown>> {
    this.holds += 1;
    const { seq } = this;
    try {
      const snapshot = await connection.snapshot();
      return ok({ ...snapshot, ...(this.isEnding && { store: null, supervision: null }), seq });
    } finally {
      // After the answer, which the socket sends once this promise is settled.
      setImmediate(() => this.release());
    }
  }

  private release(): void {
    this.holds -= 1;
    if (this.holds > 0) return;
    const events = this.waiting;
    this.waiting = [];
    for (const event of events) this.send(event);
  }

  private async record({ name, request }: Intent, result: Result<unknown>): Promise<void> {
    const subject = auditedSubject(name, request);
    if (subject !== null) await this.options.audit(this.agentId, name, subject, request, result);
  }
}

const rowOf = (name: CtiCommandName): CtiCommand => ctiCommands[name];

function readEnvelope(message: unknown): Result<CommandEnvelope> {
  const harm = harmIn(message);
  if (harm !== null) return fail('input.invalid', harm);
  const envelope = CommandEnvelope.safeParse(message);
  return envelope.success ? ok(envelope.data) : fail('input.invalid', 'a command has type, key (8 to 64 characters) and payload');
}

function readIntent(type: string, payload: unknown): Result<Intent> {
  if (!isCommandName(type)) return fail('command.unknown', type);
  const parsed = ctiCommands[type].request.safeParse(payload);
  if (!parsed.success) return fail('input.invalid', parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  return ok({ name: type, request: parsed.data } as Intent);
}
