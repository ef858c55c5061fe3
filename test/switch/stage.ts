import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wavOf } from '../../center/switch/wav.ts';
import type { ChannelId, ChannelInfo, HangUpCause, OriginateRequest, SwitchEvent, SwitchPort } from '../../center/switch/port.ts';
import type { Result } from '../../contract/errors.ts';
import { must } from '../support/must.ts';
import { createSipPhone, until, type PhoneCall, type SipPhone } from '../support/sip-phone/index.ts';

export { must };

/** What the suite needs of an engine; a second engine provides the same (`CONTRIBUTING.md`, "adding a switch engine"). */
export interface SwitchUnderTest {
  port: SwitchPort;
  /** Where phones connect: `ws://…`. */
  sipUrl: string;
  dispose(): Promise<void>;
}

export interface Fixtures {
  announcementsDir: string;
  /** Trunk numbers of the suite, and the endpoints they ring. */
  trunk: (number: string) => { kind: 'endpoint'; user: string } | null;
  /** How long a call of a lost phone is kept. */
  orphanGraceMs: number;
}

export type MakeSwitch = (fixtures: Fixtures) => Promise<SwitchUnderTest>;

export const TONES = { '1001': 440, '1002': 620, '1003': 880, c1: 1140 } as const;
export type TestUser = keyof typeof TONES;
export const GREETING_HZ = 1480;
export const MUSIC_HZ = 1860;
export const BEEP_HZ = 1000;
export const PASSWORD = 'right-password';
export const CUSTOMER_NUMBER = '+821000000001';
export const GRACE_MS = 1500;


const sine = (hz: number, ms: number): Int16Array => Int16Array.from({ length: ms * 8 }, (_, i) => Math.round(8000 * Math.sin((2 * Math.PI * hz * i) / 8000)));

async function writeSounds(folder: string): Promise<void> {
  const greeting = wavOf(sine(GREETING_HZ, 800));
  const tooLong = Buffer.from(greeting);
  tooLong.writeUInt32LE(0x7fff_ffff, 40);
  await Promise.all([
    writeFile(join(folder, 'greeting.wav'), greeting),
    writeFile(join(folder, 'music.wav'), wavOf(sine(MUSIC_HZ, 1000))),
    writeFile(join(folder, 'false-length.wav'), tooLong),
    writeFile(join(folder, 'empty.wav'), ''),
    writeFile(join(folder, 'executable.wav'), Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(200)])),
  ]);
}

/** Everything one test plays with: the switch, its events so far, and phones that are hung up afterwards. */
export class Stage {
  readonly events: SwitchEvent[] = [];
  readonly folder: string;
  readonly port: SwitchPort;
  readonly sipUrl: string;
  private readonly phones: SipPhone[] = [];
  private readonly subject: SwitchUnderTest;
  private next = 1;

  private constructor(subject: SwitchUnderTest, folder: string) {
    this.subject = subject;
    this.port = subject.port;
    this.sipUrl = subject.sipUrl;
    this.folder = folder;
    this.port.onEvent((event) => this.events.push(event));
  }

  static async open(make: MakeSwitch): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'sangdam-switch-'));
    await writeSounds(folder);
    const subject = await make({
      announcementsDir: folder,
      trunk: (number) => (number === '01000000001' || number === CUSTOMER_NUMBER ? { kind: 'endpoint', user: 'c1' } : null),
      orphanGraceMs: GRACE_MS,
    });
    await subject.port.start();
    const stage = new Stage(subject, folder);
    for (const user of Object.keys(TONES)) {
      const callerNumber = user === 'c1' ? CUSTOMER_NUMBER : user;
      must(await stage.port.putEndpoint({ user, password: PASSWORD, displayName: `전화 ${user}`, callerNumber }));
    }
    return stage;
  }

  async close(): Promise<void> {
    await Promise.all(this.phones.map((phone) => phone.close()));
    await this.port.stop();
    await this.subject.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }

  newId(kind: string): string {
    return `${kind}-${this.next++}`;
  }

  phone(user: TestUser, options: { password?: string; codec?: 'pcmu' | 'pcma'; domain?: string } = {}): SipPhone {
    const phone = createSipPhone({ url: this.sipUrl, user, password: PASSWORD, toneHz: TONES[user], ...options });
    this.phones.push(phone);
    return phone;
  }

  async registered(user: TestUser, options: { codec?: 'pcmu' | 'pcma'; domain?: string } = {}): Promise<SipPhone> {
    const phone = this.phone(user, options);
    await phone.register();
    // A switch of its own process tells us a moment after it has told the phone.
    await until(`the switch knows ${user}`, () => this.port.isRegistered(user));
    return phone;
  }

  /** Waits for an event of `type` (that satisfies `where`), counting those that came already. */
  async event<Type extends SwitchEvent['type']>(
    type: Type,
    where: (event: Extract<SwitchEvent, { type: Type }>) => boolean = () => true,
    timeoutMs?: number,
  ): Promise<Extract<SwitchEvent, { type: Type }>> {
    const matches = (event: SwitchEvent): event is Extract<SwitchEvent, { type: Type }> => event.type === type && where(event as Extract<SwitchEvent, { type: Type }>);
    await until(`event ${type}`, () => this.events.some(matches), timeoutMs);
    const found = this.events.find(matches);
    if (found === undefined) throw new Error('unreachable');
    return found;
  }

  async ended(channelId: ChannelId): Promise<HangUpCause> {
    return (await this.event('channel.ended', (event) => event.channelId === channelId)).cause;
  }

  /** A phone dials `number`. @returns its end of the call, and the channel that arrived */
  async dial(phone: SipPhone, number: string, headers: string[] = []): Promise<{ call: PhoneCall; channel: ChannelInfo }> {
    const known = new Set(this.events.filter((event) => event.type === 'channel.arrived').map((event) => event.channel.channelId));
    const call = await phone.call(number, headers);
    const { channel } = await this.event('channel.arrived', (event) => !known.has(event.channel.channelId));
    return { call, channel };
  }

  /** A phone dials, and is answered by the switch. */
  async connect(phone: SipPhone): Promise<{ call: PhoneCall; channelId: ChannelId }> {
    const { call, channel } = await this.dial(phone, '15880000');
    must(await this.port.answer(channel.channelId));
    await call.answered();
    return { call, channelId: channel.channelId };
  }

  originate(user: TestUser, request: Partial<OriginateRequest> = {}): Promise<Result<null>> {
    return this.port.originate({
      channelId: this.newId('channel'),
      destination: { kind: 'endpoint', user },
      callerNumber: '15880000',
      callerName: '대표번호',
      ringTimeoutMs: 10_000,
      ...request,
    });
  }

  /** Parties, each connected and all in one new bridge. */
  async bridged(...users: TestUser[]): Promise<{ bridgeId: string; parties: { call: PhoneCall; channelId: ChannelId; phone: SipPhone }[] }> {
    const bridgeId = this.newId('bridge');
    must(await this.port.createBridge(bridgeId));
    const parties = await Promise.all(users.map(async (user) => ({ user, phone: await this.registered(user) })));
    const joined = [];
    for (const { phone } of parties) {
      const { call, channelId } = await this.connect(phone);
      must(await this.port.joinBridge(bridgeId, channelId));
      joined.push({ call, channelId, phone });
    }
    return { bridgeId, parties: joined };
  }
}
