import { z } from 'zod';

const Box = z.object({ x: z.number().int(), y: z.number().int(), width: z.number().int().positive().max(20_000), height: z.number().int().positive().max(20_000) });
export type Box = z.infer<typeof Box>;

/** A display, as far as placing windows needs it. Lengths are device-independent pixels. */
export interface DisplayBox {
  id: number;
  /** Without task bar and the like. */
  workArea: Box;
  primary: boolean;
}

export const Placement = z.object({ bounds: Box, maximized: z.boolean() });
export type Placement = z.infer<typeof Placement>;

/** Remembered placements: by window, then by the arrangement of displays it was in. */
export const WindowMemory = z.record(z.string(), z.record(z.string(), Placement));
export type WindowMemory = z.infer<typeof WindowMemory>;

export const DOCK_WIDTH = 400;
export const DESK_SIZE = { width: 1360, height: 860 } as const;
/** Arrangements kept per window: the office, the meeting room, home. */
const ARRANGEMENTS_KEPT = 8;
/** A title bar must be this far on a screen to be caught with the pointer. */
const REACHABLE_PX = 80;

/** Names an arrangement of displays: the same screens at the same places, whatever ids the system gives them today. */
export const arrangementOf = (displays: readonly DisplayBox[]): string =>
  displays
    .map(({ workArea: { x, y, width, height } }) => `${width}x${height}@${x},${y}`)
    .sort()
    .join('|');

/** The display that shows most of a box, the nearest one where none shows any. */
export function displayOf(box: Box, displays: readonly DisplayBox[]): DisplayBox | null {
  const byOverlap = [...displays].sort((a, b) => overlap(box, b.workArea) - overlap(box, a.workArea) || distance(box, a.workArea) - distance(box, b.workArea));
  return byOverlap[0] ?? null;
}

/**
 * Where a window opens: where it was in this arrangement of displays, else in the middle of the primary one.
 * Never out of reach, never larger than its display.
 */
export function placeWindow(memory: WindowMemory, name: string, displays: readonly DisplayBox[], size: { width: number; height: number }): Placement {
  const remembered = memory[name]?.[arrangementOf(displays)];
  const primary = displays.find((display) => display.primary) ?? displays[0];
  if (primary === undefined) return { bounds: { x: 0, y: 0, ...size }, maximized: false };
  if (remembered === undefined) return { bounds: centred(primary.workArea, size), maximized: false };
  const display = displayOf(remembered.bounds, displays) ?? primary;
  return { bounds: within(remembered.bounds, display.workArea), maximized: remembered.maximized };
}

/**
 * Where an open window goes when the displays have changed: where it was in the new arrangement, if it ever was in it;
 * else it stays, moved only as far as it must be to be reached.
 */
export function settleWindow(memory: WindowMemory, name: string, displays: readonly DisplayBox[], now: Box): Placement {
  const remembered = memory[name]?.[arrangementOf(displays)];
  const display = displayOf(now, displays);
  if (remembered !== undefined || display === null) return placeWindow(memory, name, displays, now);
  return { bounds: within(now, display.workArea), maximized: false };
}

/** The memory with this placement in it; the oldest arrangements are forgotten. */
export function remember(memory: WindowMemory, name: string, displays: readonly DisplayBox[], placement: Placement): WindowMemory {
  const key = arrangementOf(displays);
  const others = Object.entries(memory[name] ?? {}).filter(([arrangement]) => arrangement !== key);
  return { ...memory, [name]: Object.fromEntries([...others.slice(1 - ARRANGEMENTS_KEPT), [key, placement]]) };
}

/** The narrow column at a side of the display it is on, from top to bottom. */
export function dockBounds(workArea: Box, side: 'left' | 'right'): Box {
  const width = Math.min(DOCK_WIDTH, workArea.width);
  return { x: side === 'left' ? workArea.x : workArea.x + workArea.width - width, y: workArea.y, width, height: workArea.height };
}

/** The display for the wallboard: the wanted one, else one where the desk is not, else the desk's own. */
export function wallboardDisplay(wanted: number | null, desk: Box | null, displays: readonly DisplayBox[]): DisplayBox | null {
  const chosen = displays.find(({ id }) => id === wanted);
  if (chosen !== undefined) return chosen;
  const deskDisplay = desk === null ? null : displayOf(desk, displays);
  return displays.find(({ id }) => id !== deskDisplay?.id) ?? displays[0] ?? null;
}

const centred = (area: Box, { width, height }: { width: number; height: number }): Box => {
  const fitting = { width: Math.min(width, area.width), height: Math.min(height, area.height) };
  return { x: area.x + Math.round((area.width - fitting.width) / 2), y: area.y + Math.round((area.height - fitting.height) / 2), ...fitting };
};

function within(box: Box, area: Box): Box {
  const width = Math.min(box.width, area.width);
  const height = Math.min(box.height, area.height);
  // Its top stays on the screen, and enough of its title bar to be caught.
  const x = clamp(box.x, area.x - width + REACHABLE_PX, area.x + area.width - REACHABLE_PX);
  const y = clamp(box.y, area.y, area.y + area.height - REACHABLE_PX);
  return { x, y, width, height };
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

const distance = (a: Box, b: Box): number => Math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2);
