import type { MediaId } from '../contract/media.ts';
import type { AgentEvent, AgentState } from '../contract/agent-state.ts';
import { Acd } from './acd/acd.ts';
import { createAfterwards, type Afterwards } from './afterwards.ts';
import type { Agent } from './agents/agent.ts';
import type { Attendant } from './attendant.ts';
import { Roster } from './agents/roster.ts';
import { Calls } from './calls/calls.ts';
import { channelEnded } from './calls/departures.ts';
import { offerFailed } from './calls/group-offers.ts';
import { History } from './calls/history.ts';
import { createVoiceMedium } from './calls/voice-medium.ts';
import { createCommands, type Commands } from './commands.ts';
import { plainAttendants } from './configuration/plain-kinds.ts';
import { createConfigurationWriting, type ConfigurationWriting } from './configuration/writing.ts';
import { createCustomerWriting, type CustomerWriting } from './customers/writing.ts';
import { agentsIn } from './configuration/records.ts';
import { Dialling } from './dialling/dialling.ts';
import { tellAlarm, tellRights } from './dialling/alarm.ts';
import { Desks } from './desks.ts';
import { createDurability } from './durability.ts';
import { createFlowHost } from './flow-host.ts';
import { FlowRuns } from './flows/flow-runs.ts';
import { Journal } from './journal.ts';
import { createLeading, type Leading } from './leading.ts';
import type { CenterLogger } from './logger.ts';
import type { Office } from './office.ts';
import { Consoles } from './people/consoles.ts';
import { PhoneAccounts } from './phone-accounts.ts';
import type { Clock, Records } from './ports.ts';
import { Statistics } from './reports/statistics.ts';
import type { Sound, SwitchPort } from './switch/port.ts';
import { StoppableClock } from './stoppable-clock.ts';
import { createSources, Topics } from './topics/index.ts';
import { Watchdog } from './watchdog.ts';

export interface ContactCenterOptions {
  switchPort: SwitchPort;
  records: Records;
  clock: Clock;
  logger: CenterLogger;
  /** From which phone passwords are derived: 32 bytes of this installation alone. */
  phoneSecret: Uint8Array;
  /** An object as a switch plays it; by default there are none. */
  soundOf?: (mediaId: MediaId) => Sound;
  random?: () => number;
}

/** What was set up to be heard by this name. */
function soundSetUp(office: Office, { soundOf }: Pick<ContactCenterOptions, 'soundOf'>, name: string): Sound | null {
  const mediaId = office.soundOf(name);
  return mediaId === null ? null : (soundOf?.(mediaId) ?? null);
}

/** Everything that needs the configuration, made when that is known. */
export interface Core {
  /** Everything of the core sets its timers here; stopped, nothing moves any more. */
  clock: StoppableClock;
  office: Office;
  roster: Roster;
  desks: Desks;
  consoles: Consoles;
  journal: Journal;
  history: History;
  acd: Acd;
  calls: Calls;
  statistics: Statistics;
  topics: Topics;
  accounts: PhoneAccounts;
  commands: Commands;
  /** Those of them that take no desk. */
  leading: Leading;
  customers: CustomerWriting;
  configuration: ConfigurationWriting;
  afterwards: Afterwards;
  /** Of the kinds that are set up. */
  attendants: readonly Attendant[];
  watchdog: Watchdog;
}

/** What the center sees to while it runs. */
interface CoreHooks {
  /** Whether this core is the center's, and not one that is being stopped. */
  isRunning: () => boolean;
  transitioned: (agent: Agent, from: AgentState, event: AgentEvent) => void;
  /** The agent's desk has a window again, or none. */
  attended: (agent: Agent, isAttended: boolean) => void;
}

/** Makes the parts of the core and ties them together. Nothing happens before the switch is listened to. */
export function compose(options: ContactCenterOptions, office: Office, { isRunning, transitioned, attended }: CoreHooks): Core {
  const { switchPort, records, logger, phoneSecret, random = Math.random } = options;
  const clock = new StoppableClock(options.clock);
  // Its last lines are written after everything else has stopped.
  const journal = new Journal({ records, clock: options.clock, logger, onEvent: (event) => statistics.record(event) });
  const consoles = new Consoles(office);
  const desks = new Desks(() => roster, consoles);
  const roster: Roster = new Roster({
    agents: agentsIn(office.configuration),
    clock,
    onTransition: transitioned,
    onCard: (agentId) => topics.touch('directory', agentId),
    onOwnCard: (agent) => desks.tell(agent, { type: 'directory.changed', payload: { agents: [agent.card], groups: [] } }),
  });
  const acd: Acd = new Acd({
    office,
    roster,
    clock,
    random,
    callsToday: (groupId, agentId) => statistics.answeredToday(groupId, agentId),
    media: { voice: createVoiceMedium(() => calls, switchPort, isRunning) },
    onChanged: (groupId) => statistics.touch(groupId),
  });
  const statistics: Statistics = new Statistics({
    office,
    roster,
    records,
    clock,
    logger,
    waitingIn: (groupId) => acd.waitingIn(groupId, 'voice'),
    onChanged: (groupId) => topics.touch('figures', groupId),
    onDirectCalls: () => topics.touch('directCalls', 'today'),
  });
  const topics: Topics = new Topics({ sources: createSources({ office, roster, statistics }), office, clock });
  const history = new History({ records, office, roster, clock, logger, onChanged: (cursor, customerIds) => desks.tellAll({ type: 'customers.changed', payload: { cursor, customerIds } }) });
  const dialling: Dialling = new Dialling({
    office, clock, journal, logger, records,
    outsideLegs: () => calls.outsideLegs,
    groupsOf: (agentId) => roster.all.find((agent) => agent.agentId === agentId)?.groupIds ?? [],
    onAlarm: (party, of) => tellAlarm(desks, roster, party, of),
    onRights: (party) => tellRights(desks, party, (agentId) => dialling.shownTo(agentId)),
  });
  const flows = new FlowRuns(createFlowHost(() => calls, (name) => soundSetUp(office, options, name)), clock);
  const calls: Calls = new Calls({ office, roster, desks, journal, history, records, acd, dialling, flows, switchPort, clock, logger });
  calls.channelFailed = (channelId, error) => {
    logger.warn({ code: error.code, why: error.message }, 'the switch could not do as it was told');
    const found = calls.onChannel(channelId);
    if (found?.leg.role === 'groupOffer' && found.leg.state === 'ringing') offerFailed(calls, found.contact, found.leg);
    else if (found !== undefined) channelEnded(calls, found.contact, found.leg, 'failed');
  };
  const accounts = new PhoneAccounts({ office, switchPort, logger, secret: phoneSecret });
  const durability = createDurability(calls);
  const leading = createLeading({ calls, records, durability });
  const afterwards = createAfterwards({ calls, records, durability });
  const attendants = plainAttendants({ office, roster, desks, clock });
  return {
    clock, office, roster, desks, consoles, journal, history, acd, calls, statistics, topics, accounts, afterwards, leading, attendants,
    commands: createCommands({ calls, records, durability, afterwards, attended, leading }),
    customers: createCustomerWriting({ calls, records, durability }),
    configuration: createConfigurationWriting({
      office, roster, desks, consoles, acd, statistics, topics, accounts, records, durability, clock, logger, attendants,
      onDialling: () => tellRights(desks, { kind: 'center', id: '' }, (agentId) => dialling.shownTo(agentId)),
    }),
    watchdog: new Watchdog(calls),
  };
}
