import { powerMonitor } from 'electron';
import type { AgentSession } from '../../../agent/index.ts';
import type { Disposer } from '../../../contract/errors.ts';
import type { Desk } from './desk.ts';
import { mayGetCalls, reactTo, type Reaction, type SystemEvent } from './system-policy.ts';
import { myState } from './tray-model.ts';

/**
 * Not ready when the machine sleeps or is locked, connected anew when it wakes. A machine may sleep before the
 * center heard of it: what is owed is done after waking, once the center answers.
 */
export function followSystem(desk: Desk, session: Pick<AgentSession, 'reconnect'>): Disposer {
  let owed: 'nothing' | 'asleep' | 'awake' = 'nothing';
  const heard = (event: SystemEvent) => () => {
    const reactions = reactTo(event, myState(desk.view), desk.settings);
    if (reactions.length > 0) desk.log.info({ event, reactions }, 'the system told the desk');
    for (const reaction of reactions) carryOut(reaction, event);
  };
  const subscriptions = [
    ['suspend', heard('suspend')],
    ['resume', heard('resume')],
    ['lock-screen', heard('lock')],
    ['unlock-screen', heard('unlock')],
    ['shutdown', heard('shutdown')],
  ] as const;
  for (const [event, listener] of subscriptions) powerMonitor.on(event as 'suspend', listener);
  const stop = desk.onChange(() => {
    if (owed !== 'awake' || desk.view.health.cti.state !== 'connected') return;
    owed = 'nothing';
    if (mayGetCalls(myState(desk.view))) goAway();
  });
  return () => {
    stop();
    for (const [event, listener] of subscriptions) powerMonitor.off(event as 'suspend', listener);
  };

  function carryOut(reaction: Reaction, event: SystemEvent): void {
    if (reaction === 'away') {
      if (event === 'suspend') owed = 'asleep';
      return goAway();
    }
    if (owed === 'asleep') owed = 'awake';
    session.reconnect();
  }

  function goAway(): void {
    desk.act({ do: 'setState', choice: { kind: 'away', reason: 'other' } });
  }
}
