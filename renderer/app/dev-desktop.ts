import { defaultDesktopSettings, DesktopView } from '../../contract/bridge/index.ts';

/** Pretended desktops to look at screens with: `?scenario=idle&desktop=dial`. Development builds only. */
export const desktopNames = ['plain', 'first', 'dial', 'invitation', 'refused', 'corrupt', 'update', 'managed'] as const;
type DesktopName = (typeof desktopNames)[number];

export function desktopOf(asked: string): DesktopView {
  const name: DesktopName = desktopNames.find((known) => known === asked) ?? 'plain';
  const asks: Partial<Record<DesktopName, unknown>> = {
    dial: { id: '1', kind: 'dial', number: '+821000000001', shown: '010-0000-0001', from: 'link' },
    invitation: { id: '1', kind: 'invitation', server: 'https://center.example.com', host: 'center.example.com' },
    refused: { id: '1', kind: 'refused', code: 'number.invalid' },
  };
  return DesktopView.parse({
    version: '0.1.0',
    platform: 'windows',
    settings: { ...defaultDesktopSettings, server: name === 'first' ? null : 'https://center.example.com', shortcuts: { ...defaultDesktopSettings.shortcuts, answer: 'Control+Alt+A' } },
    managed: name === 'managed' ? ['server', 'proxy', 'certificateFile', 'shortcuts', 'autostart'] : [],
    server: name === 'first' ? null : 'https://center.example.com',
    ask: asks[name] ?? null,
    problems: name === 'corrupt' ? [{ code: 'settingsCorrupt', file: 'C:\\Users\\agent1\\AppData\\Roaming\\Sangdam\\settings.json.corrupt' }] : [],
    displays: [
      { id: 1, label: 'Built-in', primary: true, width: 1920, height: 1080 },
      { id: 2, label: 'Wall', primary: false, width: 3840, height: 2160 },
    ],
    wallboard: null,
    update: name === 'update' ? { state: 'ready', version: '0.2.0' } : { state: 'none' },
  });
}
