import type { Button, Light } from './layout.ts';

/** What the desk is about, as far as a headset needs to know. */
export interface HeadsetView {
  phase: 'idle' | 'ringing' | 'talking';
  muted: boolean;
  held: boolean;
}

export type HeadsetAction = { do: 'answer' | 'hangUp' | 'reject' | 'toggleHold' } | { do: 'setMuted'; muted: boolean };

/** Buttons as last seen; a headset repeats all of them in each report. */
export type Held = Readonly<Partial<Record<Button, boolean>>>;

/** The lights for a view. Off-hook tells a wireless headset to open its audio link. */
export function lightsFor({ phase, muted, held }: HeadsetView): Set<Light> {
  const lights = new Set<Light>();
  if (phase === 'ringing') lights.add('ring');
  if (phase === 'talking') lights.add('offHook');
  if (phase === 'talking' && muted) lights.add('mute');
  if (phase === 'talking' && held) lights.add('hold');
  return lights;
}

/**
 * What a report means. Pure.
 *
 *   idle     hook on: nothing (the desk dials, not the headset)
 *   ringing  hook on: answer · drop: reject
 *   talking  hook off: hang up · drop: hang up · mute · flash: hold or resume
 *
 * A headset answers a light of ours with the same report as a press: hook on while talking, or off while idle, is such
 * an echo and means nothing.
 */
export function actionsOf(before: Held, now: Partial<Record<Button, { on: boolean; absolute: boolean }>>, view: HeadsetView): HeadsetAction[] {
  const pressed = (button: Button): boolean => now[button]?.on === true && (!now[button].absolute || before[button] !== true);
  const released = (button: Button): boolean => now[button]?.on === false && before[button] === true;
  switch (view.phase) {
    case 'idle':
      return [];
    case 'ringing':
      if (pressed('drop')) return [{ do: 'reject' }];
      return pressed('hook') ? [{ do: 'answer' }] : [];
    case 'talking': {
      // A hook that is a key instead of a switch says the same for both.
      if (pressed('drop') || released('hook') || (now.hook?.absolute === false && pressed('hook'))) return [{ do: 'hangUp' }];
      const actions: HeadsetAction[] = pressed('flash') ? [{ do: 'toggleHold' }] : [];
      const mute = now.mute;
      if (mute === undefined) return actions;
      // A switch says where it stands; a key says that it was pressed.
      if (!mute.absolute && pressed('mute')) actions.push({ do: 'setMuted', muted: !view.muted });
      if (mute.absolute && mute.on !== (before.mute ?? false)) actions.push({ do: 'setMuted', muted: mute.on });
      return actions;
    }
    default:
      return view.phase satisfies never;
  }
}

/** The buttons as a view puts them: the off-hook light takes a headset's hook along, whether it says so or not. */
export const heldFor = (before: Held, { phase, muted }: HeadsetView): Held => ({ ...before, hook: phase === 'talking', mute: phase === 'talking' && muted });

/** The buttons after a report. A relative one is not held. */
export function heldAfter(before: Held, now: Partial<Record<Button, { on: boolean; absolute: boolean }>>): Held {
  const next: Partial<Record<Button, boolean>> = { ...before };
  for (const [button, { on, absolute }] of Object.entries(now) as [Button, { on: boolean; absolute: boolean }][]) next[button] = absolute && on;
  return next;
}
