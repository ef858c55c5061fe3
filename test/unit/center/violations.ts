import type { CenterStage } from './center-stage.ts';

/** Everything that must hold whatever happened, and does not. */
export async function violations(stage: CenterStage, agents: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const agent of agents) {
    const { state } = await stage.card(agent);
    const contacts = (await stage.desk(agent).connection?.snapshot())?.contacts ?? [];
    const live = contacts.filter(({ me }) => me.state !== 'afterCall').map(({ contactId }) => contactId);
    const writing = contacts.filter(({ me }) => me.state === 'afterCall');
    if ((state.name === 'RESERVED' || state.name === 'TALKING') && !live.includes(state.contactId)) found.push(`${agent} is ${state.name} in no contact of theirs`);
    if ((state.name === 'READY' || state.name === 'NOT_READY') && live.length > 0) found.push(`${agent} is ${state.name} with a live call`);
    if ((state.name === 'AFTER_CALL') !== (writing.length === 1)) found.push(`${agent} is ${state.name} and writes up ${writing.length}`);
  }
  return [...found, ...(await violationsOfSupervision(stage))];
}

/** Who supervises hears the call, as they chose to, and the agent knows; nobody else hears anybody unseen. */
async function violationsOfSupervision(stage: CenterStage): Promise<string[]> {
  const { switchPort } = stage;
  const view = (await stage.desk('supervisor').connection?.snapshot())?.supervision ?? null;
  const ears = [...switchPort.channels.values()].filter(({ ear }) => ear !== null);
  const own = [...switchPort.channels.values()].find(({ request }) => request?.headers?.['X-Sangdam-Leg'] === view?.dialogKey);
  if (view === null) return ears.map(({ channelId }) => `${channelId} listens, and nobody supervises`);
  if (own === undefined) return [];
  const contact = (await stage.desk(view.agentId).connection?.snapshot())?.contacts.find(({ contactId }) => contactId === view.contactId);
  const found: string[] = [];
  if (contact === undefined) found.push(`the supervisor is in a call that ${view.agentId} is not in`);
  if (contact?.supervisors.some(({ mode }) => mode === view.mode) !== (view.state === 'up')) found.push(`${view.agentId} is not told the truth of the supervisor`);
  if (view.state === 'up' && view.mode !== 'barge' && own.ear?.whispering !== (view.mode === 'whisper')) found.push(`the supervisor hears ${String(switchPort.hears(own.channelId))} in ${view.mode}`);
  if (ears.some((channel) => channel !== own)) found.push('somebody else listens');
  return found;
}
