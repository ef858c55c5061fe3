import { describe, expect, it } from 'vitest';
import { Transfers } from '../../../../center/switch/asterisk/transfers.ts';
import type { SwitchEvent } from '../../../../center/switch/port.ts';
import { done, type Result } from '../../../../contract/errors.ts';
import { settle, TestClock } from '../center-stage.ts';

/** A phone that asked for a transfer, and an Asterisk that takes its time to tell it the outcome. */
function asked() {
  const clock = new TestClock();
  const told = Promise.withResolvers<Result<null>>();
  const accepted = Promise.withResolvers<void>();
  const outcomes: string[] = [];
  const events: SwitchEvent[] = [];
  const transferProgress = (_id: string, state: string): Promise<Result<null>> => {
    outcomes.push(state);
    return told.promise;
  };
  const transfers = new Transfers({ client: { transferProgress, sipSettled: () => accepted.promise }, clock, emit: (event) => events.push(event) });
  transfers.asked('channel-1', '1002', null);
  const [event] = events;
  if (event?.type !== 'channel.transferRequested') throw new Error('not asked');
  return { clock, transfers, transferId: event.transferId, outcomes, accept: () => accepted.resolve(), told: () => told.resolve(done()) };
}

/** Whether a promise is settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await settle();
  return settled;
}

describe('a transfer by a phone on Asterisk', () => {
  it('is told to the phone before its call is hung up, also when that is asked for in the same moment', async () => {
    const { transfers, transferId, accept, told } = asked();
    accept();
    const progress = transfers.progress(transferId, 'succeeded');
    const mayHangUp = transfers.outcomeTold('channel-1');
    expect(await isSettled(mayHangUp)).toBe(false);
    told();
    expect(await isSettled(mayHangUp)).toBe(true);
    expect(await progress).toEqual(done());
    expect(await isSettled(transfers.outcomeTold('channel-1'))).toBe(true);
  });

  it('failure: a REFER that is refused at once is refused when Asterisk has taken it in, for one that hears of it before ends with all its calls', async () => {
    const { transfers, transferId, outcomes, accept, told } = asked();
    const progress = transfers.progress(transferId, 'refused');
    await settle();
    expect(outcomes).toEqual([]);
    accept();
    told();
    expect(await progress).toEqual(done());
    expect(outcomes).toEqual(['channel_declined']);
  });

  it('failure: an outcome that never comes keeps nobody from hanging up for long', async () => {
    const { clock, transfers } = asked();
    const mayHangUp = transfers.outcomeTold('channel-1');
    await clock.pass(1000);
    expect(await isSettled(mayHangUp)).toBe(true);
    expect(await transfers.progress('no such transfer', 'failed')).toMatchObject({ error: { code: 'not-found' } });
  });
});
