import { beforeEach, describe, expect, it } from 'vitest';
import { AudioWatch } from '../../../agent/audio-watch.ts';
import type { Clock } from '../../../agent/clock.ts';
import { silentLogger } from '../../../agent/logger.ts';
import type { DialogView } from '../../../agent/phone/index.ts';
import type { MediaReport } from '../../../contract/bridge/media.ts';

/** Three seconds at a time. */
class Turns implements Clock {
  private waiting: (() => void)[] = [];

  now = (): number => 0;
  monotonic = (): number => 0;

  setTimeout(run: () => void): () => void {
    this.waiting.push(run);
    return () => void (this.waiting = this.waiting.filter((one) => one !== run));
  }

  pass(): void {
    const due = this.waiting;
    this.waiting = [];
    for (const run of due) run();
  }

  get idle(): boolean {
    return this.waiting.length === 0;
  }
}

describe('the watch over calls without audio', () => {
  let clock: Turns;
  let media: MediaReport['state'] | null;
  let lives: boolean;
  let done: string[];
  let watch: AudioWatch;

  beforeEach(() => {
    clock = new Turns();
    media = 'connecting';
    lives = true;
    done = [];
    watch = new AudioWatch({
      clock,
      log: silentLogger,
      reportOf: (session, generation) => (media === null ? undefined : { session, generation, state: media }),
      uses: () => lives,
      mend: (remedy, session, generation) => done.push(`${remedy} ${session} ${generation}`),
      tell: (key) => done.push(`tell ${key}`),
    });
  });

  const up = (session = 's', generation = 0): DialogView => ({ key: 'leg', session, direction: 'incoming', state: { name: 'established', hold: 'active' }, muted: false, status: null, generation });

  it('tells the person, restarts ICE, and offers a new peer connection if that was in vain', () => {
    watch.follow(up());
    expect(done).toEqual([]);
    clock.pass();
    expect(done).toEqual(['tell leg', 'restartIce s 0']);
    clock.pass();
    expect(done).toEqual(['tell leg', 'restartIce s 0', 'renew s 0']);
    expect(clock.idle).toBe(true);
  });

  it('does nothing to a call that has its audio, then or after the first remedy', () => {
    media = 'connected';
    watch.follow(up());
    clock.pass();
    expect(done).toEqual([]);
    media = 'connecting';
    watch.follow(up('s', 1));
    clock.pass();
    media = 'connected';
    clock.pass();
    expect(done).toEqual(['tell leg', 'restartIce s 1']);
  });

  it('waits while no window has begun', () => {
    media = null;
    watch.follow(up());
    clock.pass();
    clock.pass();
    expect(done).toEqual([]);
    media = 'connecting';
    clock.pass();
    expect(done).toEqual(['tell leg', 'restartIce s 0']);
  });

  it('tells once, and mends two peer connections of a call at most', () => {
    for (const session of ['one', 'two', 'three']) {
      watch.follow(up(session));
      watch.follow(up(session));
      clock.pass();
      clock.pass();
    }
    expect(done).toEqual(['tell leg', 'restartIce one 0', 'renew one 0', 'restartIce two 0', 'renew two 0']);
  });

  it('leaves a call alone that ended, or got other audio', () => {
    watch.follow(up());
    lives = false;
    clock.pass();
    expect(done).toEqual([]);
    expect(clock.idle).toBe(true);
  });

  it('leaves no timer behind', () => {
    watch.follow(up());
    watch.stop();
    expect(clock.idle).toBe(true);
  });
});
