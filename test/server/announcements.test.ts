import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../server/server.ts';
import { wavHeader, wavOf } from '../../center/switch/wav.ts';
import { Job, isFinished } from '../../contract/job.ts';
import { LONGEST_ANNOUNCEMENT_MS, MediaObject } from '../../contract/media.ts';
import { createSipPhone } from '../support/sip-phone/index.ts';
import { until } from '../support/until.ts';
import { demoDataFolder } from '../unit/store/support.ts';

const OWN_HZ = 940;

/** A sound at CD quality, in stereo, and too quiet. */
function stereoWav(hz: number, seconds: number): Buffer {
  const rate = 44_100;
  const header = wavHeader(rate * seconds * 4);
  header.writeUInt16LE(2, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 4, 28);
  header.writeUInt16LE(4, 32);
  const samples = Buffer.alloc(rate * seconds * 4);
  for (let i = 0; i < rate * seconds; i++) for (const channel of [0, 2]) samples.writeInt16LE(Math.round(500 * Math.sin((2 * Math.PI * hz * i) / rate)), 4 * i + channel);
  return Buffer.concat([header, samples]);
}

/** Noise by µ-law at 8 kHz, a byte a sample. */
function muLawWav(seconds: number): Buffer {
  const header = wavHeader(8000 * seconds);
  header.writeUInt16LE(7, 20);
  header.writeUInt32LE(8000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  return Buffer.concat([header, Buffer.alloc(8000 * seconds, '\x10\x90')]);
}

async function office() {
  const server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: await demoDataFolder(), demo: true, worker: 'here' });
  onTestFinished(() => server.stop());
  const { origin } = server;
  const signedIn = await (await fetch(`${origin}/api/auth/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account: 'admin', password: 'sangdam-demo', client: 'web' }) })).json();
  const authorization = `Bearer ${String(signedIn.value.accessToken)}`;
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${origin}/api/v1${path}`, { method, headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) }, ...(body !== undefined && { body: JSON.stringify(body) }) });
    return { status: response.status, body: response.status === 204 ? null : await response.json() };
  };
  /** Brings a sound and has it prepared. */
  const prepared = async (sound: Buffer): Promise<Job> => {
    const uploaded = MediaObject.parse(await (await fetch(`${origin}/api/v1/media`, { method: 'POST', headers: { authorization, 'content-type': 'audio/wav' }, body: new Uint8Array(sound) })).json());
    const job = Job.parse((await ask('POST', `/media/${uploaded.mediaId}/announcement`, {})).body);
    return until('it is prepared', async () => {
      const now = Job.parse((await ask('GET', `/jobs/${job.jobId}`)).body);
      return isFinished(now) ? now : null;
    });
  };
  const set = (id: string, version: string | null, value: unknown) => ask('POST', '/configuration/changes', { changes: [{ kind: 'announcement', id, version, value }] });
  const customer = async () => {
    const phone = createSipPhone({ url: `${origin.replace('http', 'ws')}/sip`, user: 'c1', password: 'customer', toneHz: 440 });
    onTestFinished(() => phone.close());
    await phone.register();
    const call = await phone.call('15880000');
    await call.answered();
    return call;
  };
  return { origin, authorization, ask, prepared, set, customer };
}

describe('an announcement of one’s own', () => {
  it('is brought as it is, made fit for a telephone, and heard by the next caller; removed, the one of ours is heard again', { timeout: 60_000 }, async () => {
    const { prepared, set, customer, ask } = await office();
    const { result } = await prepared(stereoWav(OWN_HZ, 6));
    expect(result).toMatchObject({ of: 'sound', durationMs: 6000 });
    const mediaId = result?.of === 'sound' ? result.mediaId : '';
    const made = await set('greeting', null, { name: '인사말', sounds: [{ language: 'ko', mediaId, durationMs: 6000 }] });
    expect(made).toMatchObject({ status: 200, body: { objects: [{ kind: 'announcement', id: 'greeting' }] } });
    const call = await customer();
    await call.hears(OWN_HZ);
    await call.hangUp();
    expect(await ask('GET', '/configuration/announcement')).toMatchObject({ body: { objects: [{ id: 'greeting', value: { name: '인사말' } }] } });
    expect((await set('greeting', made.body.objects[0].version, null)).status).toBe(200);
    const next = await customer();
    await until('somebody speaks', () => next.counts.received > 50);
    await expect(next.hears(OWN_HZ, [], 1500)).rejects.toThrow('in vain');
  });

  it('is named by a flow, and is not removed while it is', async () => {
    const { prepared, set, ask } = await office();
    const { result } = await prepared(stereoWav(OWN_HZ, 1));
    const mediaId = result?.of === 'sound' ? result.mediaId : '';
    const { body: made } = await set('sale', null, { name: '할인', sounds: [{ language: 'ko', mediaId, durationMs: 1000 }] });
    const { body: flows } = await ask('GET', '/configuration/flow');
    const [flow] = flows.objects;
    const changed = await ask('POST', '/configuration/changes', { changes: [{ kind: 'flow', id: flow.id, version: flow.version, value: { ...flow.value, steps: [{ type: 'announce', announcement: 'sale' }, ...flow.value.steps] } }] });
    expect(changed.status).toBe(200);
    expect(await set('sale', made.objects[0].version, null)).toMatchObject({ status: 422, body: { present: [{ kind: 'flow', id: flow.id, code: 'unknown-reference', other: 'announcement sale' }] } });
  });

  it('failure: what is no sound is unreadable; a sound that is not there, or is no announcement, is refused', async () => {
    const { prepared, set } = await office();
    expect((await prepared(Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEjunk'), Buffer.alloc(500, 7)]))).result).toEqual({ of: 'unreadable', why: 'damaged' });
    expect((await prepared(wavOf(new Int16Array(0)))).result).toEqual({ of: 'unreadable', why: 'damaged' });
    expect((await prepared(wavOf(new Int16Array(8000).fill(20)))).result).toEqual({ of: 'unreadable', why: 'silent' });
    expect((await prepared(muLawWav(LONGEST_ANNOUNCEMENT_MS / 1000 + 1))).result).toEqual({ of: 'unreadable', why: 'too-long' });
    const refused = await set('greeting', null, { name: '인사말', sounds: [{ language: 'ko', mediaId: '00000000-0000-4000-8000-000000000000', durationMs: 1000 }] });
    expect(refused).toMatchObject({ status: 422, body: { code: 'configuration.invalid', present: [{ kind: 'announcement', id: 'greeting', code: 'no-sound' }] } });
  });
});
