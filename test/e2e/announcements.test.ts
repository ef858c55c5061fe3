import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { wavHeader, wavOf } from '../../center/switch/wav.ts';
import { Cast } from '../support/cast/index.ts';
import type { CustomerPage } from '../support/cast/customer-page.ts';
import { PASSWORD, type Desk } from '../support/cast/desk.ts';
import { objections } from '../support/objections.ts';
import { voices } from '../support/tones.ts';
import { until } from '../support/until.ts';

const TONE_HZ = 940;
const OTHER_HZ = 1180;
const RATE_HZ = 8000;

const toneWav = (hz: number, seconds: number): Buffer => wavOf(Int16Array.from({ length: RATE_HZ * seconds }, (_, i) => Math.round(6000 * Math.sin((2 * Math.PI * hz * i) / RATE_HZ))));

/** An hour of noise, at a byte a sample and as few of them as there may be. */
function hourWav(): Buffer {
  const header = wavHeader(3600 * 4000);
  header.writeUInt16LE(7, 20);
  header.writeUInt32LE(4000, 24);
  header.writeUInt32LE(4000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  return Buffer.concat([header, Buffer.alloc(3600 * 4000, '\x10\x90')]);
}

/** Three seconds of a tone as this browser records them. */
async function webmOf(page: Page, hz: number): Promise<Buffer> {
  const base64 = await page.evaluate(async (frequency) => {
    const context = new AudioContext();
    const target = new MediaStreamAudioDestinationNode(context);
    const tone = new OscillatorNode(context, { frequency });
    tone.connect(target);
    const recorder = new MediaRecorder(target.stream);
    const parts: Blob[] = [];
    recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
    const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
    tone.addEventListener('ended', () => recorder.stop(), { once: true });
    recorder.start();
    tone.start();
    tone.stop(context.currentTime + 3);
    await stopped;
    await context.close();
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }, hz);
  return Buffer.from(base64, 'base64');
}

describe('announcements, while a call goes on', () => {
  let cast: Cast;
  let agent: Desk;
  let admin: Desk;
  let inCall: CustomerPage;
  let caller: CustomerPage;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sangdam-sounds-'));
    cast = await Cast.gather();
    [agent, inCall, caller, admin] = await Promise.all([cast.agent(1), cast.customer(1), cast.customer(2), cast.supervisor()]);
    await cast.connect(inCall, agent);
    await open('greeting');
  });
  afterEach(() => cast.isWell());
  afterAll(async () => {
    await cast?.dismiss();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (id: string): Promise<void> => {
    await admin.goto(`/admin?section=announcements&id=${id}`);
    await admin.page.getByLabel('Name in flows').waitFor();
  };
  /** By a file of the disk: what is handed over in memory would hold up the center, which is in this very process. */
  const bring = async (name: string, content: Buffer): Promise<void> => {
    await writeFile(join(folder, name), content);
    await admin.page.locator('input[type=file]').setInputFiles(join(folder, name));
  };
  const save = () => admin.page.getByRole('button', { name: /^Save/ }).click();
  const says = async (text: string | RegExp): Promise<void> => {
    await admin.page.getByText(text).first().waitFor();
  };

  /** Calls, and hears this tone alone of those that are brought here; then hangs up. */
  async function heard(present: readonly number[], absent: readonly number[]): Promise<boolean> {
    await caller.call('15880000');
    const { ok } = await caller.party.page.evaluate((what) => window.ears.listen(what), { presentHz: [...present], absentHz: [...absent], steadyMs: 400, timeoutMs: 8000 });
    await caller.hangUp();
    await caller.button('Call').waitFor();
    return ok;
  }
  /** Hears a sound on the page to its end. */
  async function listens(language: string): Promise<void> {
    const answered = admin.page.waitForResponse((response) => /\/api\/v1\/media\/[\da-f-]+\/content\?signed=/.test(response.url()));
    await admin.page.getByRole('button', { name: `Listen: ${language}` }).click();
    const answer = await answered;
    expect([200, 206]).toContain(answer.status());
    expect(answer.headers()['content-type']).toBe('audio/wav');
    await admin.page.getByRole('button', { name: `Stop: ${language}` }).waitFor();
    await admin.page.getByRole('button', { name: `Listen: ${language}` }).waitFor();
  }

  it('one that comes along says who hears it, and that a sound may take its place', async () => {
    await says('Callers hear the one that comes with the program.');
    await says('1588-0000 대표번호');
    expect(await heard([], [TONE_HZ, OTHER_HZ])).toBe(true);
  });

  it('a tone that is brought is heard on the page before it is saved, and after it by whoever calls', async () => {
    await bring('tone.wav', toneWav(TONE_HZ, 4));
    await says('New, not saved yet');
    await listens('English');
    expect(await heard([], [TONE_HZ])).toBe(true);
    await save();
    await says('Callers hear it from now on.');
    expect(await heard([TONE_HZ], [OTHER_HZ])).toBe(true);
    await listens('English');
    await Promise.all([agent.party.hearsOnly('customer1'), inCall.party.hearsOnly('agent1')]);
  });

  it('another takes its place, and is undone from the toast', async () => {
    await bring('other.wav', toneWav(OTHER_HZ, 4));
    await says('New, not saved yet');
    await save();
    expect(await heard([OTHER_HZ], [TONE_HZ])).toBe(true);
    await admin.press('Undo');
    await says('Undone.');
    expect(await heard([TONE_HZ], [OTHER_HZ])).toBe(true);
  });

  it('given back, the one that comes along is heard again; undone, one’s own', async () => {
    await open('greeting');
    await admin.press('Give the built-in one back');
    await says('From the next call on, callers hear the one that comes with the program.');
    await admin.page.getByRole('alertdialog').getByRole('button', { name: 'Give the built-in one back' }).click();
    await says('Callers hear the built-in one again.');
    expect(await heard([], [TONE_HZ, OTHER_HZ])).toBe(true);
    await admin.press('Undo');
    await says('Undone.');
    expect(await heard([TONE_HZ], [])).toBe(true);
    await Promise.all([agent.party.hearsOnly('customer1'), inCall.party.hearsOnly('agent1')]);
  });

  it('what is said at the desk is recorded, and heard by whoever calls', async () => {
    await open('greeting');
    await admin.press('Record');
    const timer = admin.page.getByText('Recording…');
    await timer.waitFor();
    await until('some seconds are recorded', async () => /0:0[3-9]/.test(await timer.innerText()), 15_000);
    await admin.press('Done');
    await says('New, not saved yet');
    await save();
    await says('Callers hear it from now on.');
    expect(await heard([voices.supervisor], [TONE_HZ, OTHER_HZ])).toBe(true);
  });

  it('one of one’s own has a sound for each language, is renamed, and removed while nobody says it', async () => {
    await admin.goto('/admin?section=announcements&id=new');
    await admin.page.getByLabel('Name', { exact: true }).fill('여름 휴가');
    await admin.page.getByLabel('Name in flows').fill('greeting');
    await save();
    await says('Bring a sound first: choose a file, drop one here, or record it.');
    await says('and not one that is there.');
    await admin.page.getByLabel('Name in flows').fill('summer');
    await bring('summer.wav', toneWav(TONE_HZ, 1));
    await admin.page.getByRole('button', { name: 'Listen: English' }).waitFor();
    await admin.page.getByLabel('Language of the sound').selectOption('Korean');
    await bring('summer-ko.wav', toneWav(OTHER_HZ, 1));
    await admin.page.getByRole('button', { name: 'Listen: Korean' }).waitFor();
    await admin.press('Let callers hear Korean first');
    await save();
    await says('여름 휴가 was added.');
    await says('No flow says it yet: nobody hears it.');
    await admin.page.getByLabel('Name', { exact: true }).fill('겨울 휴가');
    await save();
    await says('겨울 휴가 was saved.');
    await admin.press('Remove announcement');
    await admin.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await says('겨울 휴가 was removed.');
    expect(await admin.page.getByRole('button', { name: /겨울 휴가/ }).count()).toBe(0);
  });

  it('in Korean the same, and a sound of another format that this browser reads', async () => {
    await admin.goto('/settings');
    await admin.page.getByLabel('Language', { exact: true }).selectOption('한국어');
    await admin.page.getByRole('heading', { name: '설정' }).first().waitFor();
    await admin.goto('/admin?section=announcements&id=closed');
    await says('지금은 기본 제공 음원이 나갑니다.');
    await bring('운영 종료.webm', await webmOf(admin.page, TONE_HZ));
    await says('새 음원, 저장 전');
    await admin.press('듣기: 한국어');
    await admin.button('멈춤: 한국어').waitFor();
    await admin.button('듣기: 한국어').waitFor();
    await admin.page.getByRole('button', { name: /^저장/ }).click();
    await says('지금부터 고객에게 나갑니다.');
    await cast.office.setOpen('주문', false);
    await caller.call('15880000');
    await caller.press('1');
    expect(await caller.party.page.evaluate((what) => window.ears.listen(what), { presentHz: [TONE_HZ], absentHz: [OTHER_HZ], steadyMs: 400, timeoutMs: 12_000 })).toMatchObject({ ok: true });
    await Promise.all([agent.party.hearsOnly('customer1'), inCall.party.hearsOnly('agent1')]);
    await admin.press('기본 음원으로 되돌리기');
    await admin.page.getByRole('alertdialog').getByRole('button', { name: '기본 음원으로 되돌리기' }).click();
    await says('다시 기본 음원이 나갑니다.');
    await admin.goto('/settings');
    await admin.page.getByLabel('언어', { exact: true }).selectOption('English');
    await admin.page.getByRole('heading', { name: 'Settings' }).first().waitFor();
  });

  it.each(['light', 'dark'] as const)('a checker objects to nothing, in the %s theme', async (theme) => {
    await open('greeting');
    expect(await objections(admin.page, theme)).toEqual([]);
    await open('closed');
    expect(await objections(admin.page, theme)).toEqual([]);
  });

  describe('failure: what is brought', () => {
    it.each([
      ['nothing', 'empty.wav', Buffer.alloc(0), 'The file is empty: it has 0 bytes.'],
      ['silence', 'silence.wav', toneWav(0, 2), 'There is nothing to be heard in it.'],
      ['an hour', 'hour.wav', hourWav(), 'It is longer than 20 minutes'],
      ['a text', 'text.mp3', Buffer.from('This is a text, whatever its name says.'.repeat(50)), 'This is no sound that can be read'],
      ['a WAV that is none', 'junk.wav', Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEjunk'), Buffer.alloc(5000, 7)]), 'This is no sound that can be read'],
    ])('%s is named, and nothing is lost', async (_what, name, content, why) => {
      await open('closed');
      await bring(name, content);
      await admin.page.getByRole('alert').filter({ hasText: why }).waitFor();
      expect(await admin.page.getByRole('button', { name: 'Choose another' }).isEnabled()).toBe(true);
    });

    it('one that is given up leaves nothing, and another can be brought', async () => {
      await open('closed');
      await bring('long.wav', toneWav(TONE_HZ, 900));
      await admin.page.getByRole('progressbar').waitFor();
      await admin.page.getByRole('group', { name: /Drop a sound here/ }).getByRole('button', { name: 'Cancel' }).click();
      await admin.page.getByRole('button', { name: 'Choose a file' }).waitFor();
      await bring('tone.wav', toneWav(TONE_HZ, 1));
      await admin.page.getByRole('button', { name: 'Listen: English' }).waitFor();
      expect(await admin.page.getByRole('listitem').filter({ hasText: 'New, not saved yet' }).count()).toBe(1);
    });

    it('somebody else was quicker: nothing is saved, and both can be had', async () => {
      await open('greeting');
      await admin.page.getByLabel('Name', { exact: true }).fill('내 이름');
      const signedIn = await (await fetch(`${cast.origin}/api/auth/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account: 'admin', password: PASSWORD, client: 'web', console: true }) })).json();
      const headers = { authorization: `Bearer ${String(signedIn.value.accessToken)}`, 'content-type': 'application/json' };
      const { objects } = await (await fetch(`${cast.origin}/api/v1/configuration/announcement`, { headers })).json();
      const [greeting] = objects;
      await fetch(`${cast.origin}/api/v1/configuration/changes`, { method: 'POST', headers, body: JSON.stringify({ changes: [{ ...greeting, value: { ...greeting.value, name: '남의 이름' } }] }) });
      await save();
      await says('Somebody else has changed this meanwhile. Nothing was saved.');
      await admin.press('Show what is there now');
      await until('theirs is shown', async () => (await admin.page.getByLabel('Name', { exact: true }).inputValue()) === '남의 이름');
      expect(await admin.page.getByText('Somebody else has changed this').count()).toBe(0);
    });
  });
});
