import { describe, expect, it } from 'vitest';
import { done, fail, type ErrorCode } from '../../../../contract/errors.ts';
import { Asks } from '../../../../electron/main/desk/asks.ts';
import { autostartEntry, autostartFile } from '../../../../electron/main/desk/autostart-entry.ts';

function stage(hindrance: ErrorCode | null = null) {
  const carriedOut: string[] = [];
  let changes = 0;
  const asks = new Asks({
    changed: () => changes++,
    dial: (number) => Promise.resolve(carriedOut.push(`dial ${number}`) > 1 ? fail('target.busy', '') : done()),
    join: (server) => Promise.resolve(carriedOut.push(`join ${server}`) > 0 ? done() : done()),
    hindrance: () => hindrance,
  });
  return { asks, carriedOut, changes: () => changes };
}

describe('questions of links and of the clipboard', () => {
  it('a number is dialled after a yes, once', async () => {
    const { asks, carriedOut } = stage();
    asks.link('tel:010-1234-5678');
    expect(asks.current).toMatchObject({ kind: 'dial', shown: '010-1234-5678', from: 'link' });
    expect(carriedOut).toEqual([]);
    const { id } = asks.current ?? { id: '' };
    expect(await asks.answer(id, true)).toEqual(done());
    expect(carriedOut).toEqual(['dial +821012345678']);
    expect(asks.current).toBeNull();
    expect(await asks.answer(id, true)).toMatchObject({ error: { code: 'not-found' } });
    expect(carriedOut).toHaveLength(1);
  });

  it('a no does nothing', async () => {
    const { asks, carriedOut, changes } = stage();
    asks.link('sangdam://join?server=https://center.example.com');
    expect(asks.current).toMatchObject({ kind: 'invitation', host: 'center.example.com' });
    await asks.answer(asks.current?.id ?? '', false);
    expect(carriedOut).toEqual([]);
    expect(changes()).toBe(2);
  });

  it('the newest question is the one that is asked; an answer to an older one counts for nothing', async () => {
    const { asks, carriedOut } = stage();
    asks.link('tel:010-1234-5678');
    const former = asks.current?.id ?? '';
    asks.clipboard('02-1234-5678');
    expect(await asks.answer(former, true)).toMatchObject({ error: { code: 'not-found' } });
    expect(carriedOut).toEqual([]);
    expect(asks.current).toMatchObject({ shown: '02-1234-5678', from: 'clipboard' });
  });

  describe('failure', () => {
    it.each([
      ['tel:112;phone-context=x', 'number.invalid'],
      ['sangdam://join?server=javascript:1&x', 'link.invalid'],
      [`tel:${'1'.repeat(5000)}`, 'input.too-large'],
    ])('%s is told as refused', (link, code) => {
      const { asks } = stage();
      asks.link(link.slice(0, 6000));
      expect(asks.current).toMatchObject({ kind: 'refused', code });
    });

    it('nothing is asked that could not be done', () => {
      const { asks } = stage('session.not-signed-in');
      asks.link('tel:010-1234-5678');
      expect(asks.current).toMatchObject({ kind: 'refused', code: 'session.not-signed-in' });
    });

    it('a clipboard without a number asks nothing', () => {
      const { asks } = stage();
      expect(asks.clipboard('no number')).toMatchObject({ error: { code: 'number.invalid' } });
      expect(asks.current).toBeNull();
    });

    it('what came of a yes is answered to who said it', async () => {
      const { asks } = stage();
      asks.link('tel:010-1234-5678');
      await asks.answer(asks.current?.id ?? '', true);
      asks.link('tel:010-1234-5678');
      expect(await asks.answer(asks.current?.id ?? '', true)).toMatchObject({ error: { code: 'target.busy' } });
    });
  });
});

describe('autostart on Linux', () => {
  it('is an entry where the desktop looks for it', () => {
    expect(autostartFile({}, '/home/agent1')).toBe('/home/agent1/.config/autostart/sangdam.desktop');
    expect(autostartFile({ XDG_CONFIG_HOME: '/cfg' }, '/home/agent1')).toBe('/cfg/autostart/sangdam.desktop');
    expect(autostartEntry('/opt/Sangdam/sangdam', ['--hidden']).split('\n')).toContain('Exec="/opt/Sangdam/sangdam" "--hidden"');
  });

  it('failure: a path with signs of the shell runs nothing else', () => {
    expect(autostartEntry('/home/a "b" $(id) `id` 100%/x', [])).toContain('Exec="/home/a \\"b\\" \\$(id) \\`id\\` 100%%/x"\n');
  });
});
