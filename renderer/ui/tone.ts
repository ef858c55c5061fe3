/** What a colour says on the desk. Each tone has a shape too: see StateDot.vue. */
export type Tone = 'ready' | 'ringing' | 'talking' | 'after' | 'away' | 'offline' | 'danger' | 'neutral' | 'accent';

/** Soft ground and ink of a tone, as utility classes. */
export const softClasses: Record<Tone, string> = {
  ready: 'bg-ready-soft text-ready-ink',
  ringing: 'bg-ringing-soft text-ringing-ink',
  talking: 'bg-talking-soft text-talking-ink',
  after: 'bg-after-soft text-after-ink',
  away: 'bg-away-soft text-away-ink',
  offline: 'bg-offline-soft text-offline-ink',
  danger: 'bg-danger-soft text-danger-ink',
  neutral: 'bg-sunken text-ink-2',
  accent: 'bg-accent-soft text-accent-ink',
};

/** The tone's own colour as a text colour, for dots and icons. */
export const inkClasses: Record<Tone, string> = {
  ready: 'text-ready',
  ringing: 'text-ringing',
  talking: 'text-talking',
  after: 'text-after',
  away: 'text-away',
  offline: 'text-offline',
  danger: 'text-danger',
  neutral: 'text-ink-3',
  accent: 'text-accent',
};
