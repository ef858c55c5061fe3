import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Recordings } from '../../../../center/switch/asterisk/recordings.ts';
import type { SwitchEvent } from '../../../../center/switch/port.ts';
import { done, ok } from '../../../../contract/errors.ts';
import { until } from '../../../support/until.ts';
import { TestClock } from '../center-stage.ts';

const WAV = Buffer.concat([Buffer.alloc(44), Buffer.alloc(16_000)]);

/** An Asterisk's disk, which may refuse to hand out what it has. */
class Disk {
  readonly files = new Map<string, Buffer>();
  readonly live = new Set<string>();
  refuses = false;
  /** Too busy to be done with a recording that was stopped. */
  busy = false;
  /** Has taken a recording on and not begun: the next stop is answered, and not heeded. */
  queued = false;
  /** What was asked about recordings: whether one still runs, or for its file. */
  readonly asked: ('live' | 'file')[] = [];

  record = (_bridgeId: string, name: string) => {
    this.live.add(name);
    return Promise.resolve(done());
  };
  liveRecording = (_method: string, name: string, action: 'pause' | 'stop') => {
    const isHeeded = action === 'stop' && !this.busy && !this.queued;
    if (action === 'stop') this.queued = false;
    if (isHeeded && this.live.delete(name)) this.files.set(name, WAV);
    return Promise.resolve(done());
  };
  hasLiveRecording = (name: string) => {
    this.asked.push('live');
    return Promise.resolve(this.live.has(name));
  };
  storedRecordings = () => Promise.resolve(ok([...this.files.keys()]));
  storedRecording = (name: string) => {
    this.asked.push('file');
    const file = this.files.get(name);
    if (this.refuses) return Promise.resolve(new Response(null, { status: 500 }));
    return Promise.resolve(file === undefined ? new Response(null, { status: 404 }) : new Response(Uint8Array.from(file)));
  };
  deleteStoredRecording = (name: string) => {
    this.files.delete(name);
    return Promise.resolve(done());
  };
}

describe('recordings on Asterisk', () => {
  let folder: string;
  let disk: Disk;
  let clock: TestClock;
  let events: SwitchEvent[];
  let warnings: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sangdam-recordings-'));
    [disk, clock, events, warnings] = [new Disk(), new TestClock(), [], []];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const recordings = () =>
    new Recordings({ client: disk, clock, logger: { info: () => {}, warn: (_fields, message) => warnings.push(message) }, emit: (event) => events.push(event), onError: (_error, doing) => warnings.push(doing), isTaken: () => false });
  const file = () => join(folder, 'r1.wav');
  const isWhole = () => until('the file is whole', async () => events.length === 1 && (await readFile(file())).equals(WAV));

  it('are fetched when they are over, and leave nothing there', async () => {
    const subject = recordings();
    await subject.start('r1', 'bridge', file());
    const stopped = subject.stop('r1');
    subject.finished('sangdam-r1');
    expect(await stopped).toEqual(done());
    await isWhole();
    expect(events).toEqual([{ type: 'recording.finished', recordingId: 'r1', file: file(), durationMs: 1000 }]);
    expect(disk.files.size).toBe(0);
  });

  it('are waited for while Asterisk is busy with them, and fetched whole', async () => {
    const subject = recordings();
    await subject.start('r1', 'bridge', file());
    disk.busy = true;
    const stopped = subject.stop('r1');
    await until('it is asked about five times', async () => {
      await clock.pass(1000);
      return disk.asked.length >= 5 || events.length > 0;
    });
    expect([new Set(disk.asked), events]).toEqual([new Set(['live']), []]);
    disk.busy = false;
    await disk.liveRecording('POST', 'sangdam-r1', 'stop');
    subject.finished('sangdam-r1');
    expect(await stopped).toEqual(done());
    await isWhole();
  });

  it('of whose end nothing is told are fetched all the same, once Asterisk is done with them', async () => {
    const subject = recordings();
    await subject.start('r1', 'bridge', file());
    const stopped = subject.stop('r1');
    await until('it is fetched', async () => {
      await clock.pass(1000);
      return events.length === 1;
    });
    expect(await stopped).toEqual(done());
    await isWhole();
  });

  it('that had not begun when they were stopped are stopped again, and do not go on for ever', async () => {
    const subject = recordings();
    await subject.start('r1', 'bridge', file());
    disk.queued = true;
    const stopped = subject.stopOf('bridge');
    await until('it is fetched', async () => {
      await clock.pass(1000);
      return events.length === 1;
    });
    await stopped;
    await isWhole();
    expect(disk.live.size).toBe(0);
  });

  describe('failure: one that cannot be fetched', () => {
    async function refused() {
      const subject = recordings();
      await subject.start('r1', 'bridge', file());
      disk.refuses = true;
      const stopped = subject.stop('r1');
      subject.finished('sangdam-r1');
      expect(await stopped).toMatchObject({ error: { code: 'switch.failed' } });
      expect([events, [...disk.files.keys()]]).toEqual([[], ['sangdam-r1']]);
      expect(warnings.join()).toContain('stays on Asterisk and is tried again');
      return subject;
    }

    it('stays there, and is tried again, ever more seldom, until it is whole', async () => {
      await refused();
      await clock.pass(5000);
      await until('it is refused again', () => warnings.length === 2);
      disk.refuses = false;
      await clock.pass(9000);
      expect(events).toEqual([]);
      await clock.pass(1000);
      await isWhole();
      expect(disk.files.size).toBe(0);
    });

    it('is fetched as soon as a lost link is back', async () => {
      const subject = await refused();
      disk.refuses = false;
      await subject.refresh();
      await isWhole();
      expect(disk.files.size).toBe(0);
    });

    it('is not tried any more by a center that stops', async () => {
      const subject = await refused();
      subject.close();
      await clock.pass(600_000);
      expect(warnings).toHaveLength(1);
    });
  });

  it('of an earlier run are fetched under their own names; what is not ours, or still runs, is left alone', async () => {
    for (const name of ['sangdam-old', 'somebody-elses', 'sangdam-../../evil', 'sangdam-running']) disk.files.set(name, WAV);
    disk.live.add('sangdam-running');
    await recordings().takeLeftBehind(join(folder, 'left-behind'));
    expect(await readFile(join(folder, 'left-behind/old.wav'))).toEqual(WAV);
    expect([...disk.files.keys()]).toEqual(['somebody-elses', 'sangdam-../../evil', 'sangdam-running']);
  });

  it('of an earlier run stay there where there is no folder for them, and the log says so', async () => {
    disk.files.set('sangdam-old', WAV);
    await recordings().takeLeftBehind(null);
    expect([disk.files.size, warnings]).toEqual([1, ['recordings of an earlier run are still on Asterisk']]);
  });

  it('failure: one that was stopped before its first sound is told as such, and not looked for again', async () => {
    const subject = recordings();
    await subject.start('r1', 'bridge', file());
    disk.live.clear();
    const stopped = subject.stop('r1');
    subject.finished('sangdam-r1');
    expect(await stopped).toMatchObject({ error: { code: 'not-found' } });
    expect(events).toMatchObject([{ type: 'recording.finished', durationMs: 0 }]);
    await clock.pass(600_000);
    expect(events).toHaveLength(1);
  });
});
