import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../contract/bridge/index.ts';
import { BrowserSettings } from '../../../renderer/app/browser-settings.ts';

const storage = (kept: Record<string, string> = {}) => ({ getItem: (key: string) => kept[key] ?? null, setItem: (key: string, value: string) => void (kept[key] = value) });

describe('settings of a browser', () => {
  it('are its devices; the rest is the person’s', () => {
    const browser = new BrowserSettings(storage());
    expect(browser.take({ microphoneId: 'headset', theme: 'dark', ringVolume: 0.2 })).toEqual({ theme: 'dark', ringVolume: 0.2 });
    expect(browser.of({ ...defaultSettings, microphoneId: 'of another desk', theme: 'dark' })).toEqual({ ...defaultSettings, microphoneId: 'headset', theme: 'dark' });
    expect(browser.take({ microphoneId: null })).toEqual({});
    expect(browser.of(defaultSettings).microphoneId).toBeNull();
  });

  it('are the look of the last person while nobody is signed in', () => {
    const browser = new BrowserSettings(storage());
    browser.of({ ...defaultSettings, language: 'ko', theme: 'dark', dock: true });
    expect(browser.ofNobody(defaultSettings)).toEqual({ ...defaultSettings, language: 'ko', theme: 'dark' });
  });

  it('are the look that is chosen before anybody has signed in', () => {
    const browser = new BrowserSettings(storage());
    expect(browser.takeOfNobody({ language: 'en', dock: true }, defaultSettings)).toEqual({ ...defaultSettings, language: 'en' });
    expect(browser.ofNobody(defaultSettings).language).toBe('en');
  });

  it('failure: what another has left in the storage counts as nothing', () => {
    for (const text of ['', '{', 'null', '[]', '{"theme":"pink"}', '{"microphoneId":7}', `{"microphoneId":"${'x'.repeat(600)}"}`, '{"__proto__":{"theme":"dark"}}']) {
      const browser = new BrowserSettings(storage({ 'sangdam.browser': text }));
      expect([text, browser.ofNobody(defaultSettings)]).toEqual([text, defaultSettings]);
      expect(browser.of(defaultSettings)).toEqual(defaultSettings);
    }
  });
});
