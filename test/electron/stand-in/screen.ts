import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

type Shown = Pick<Electron.Display, 'id' | 'label' | 'bounds' | 'workArea' | 'size' | 'workAreaSize' | 'scaleFactor' | 'rotation' | 'internal'>;

/** A display of this size at this place. */
export const display = (id: number, x: number, y: number, width: number, height: number): Shown => ({
  id,
  label: `display ${id}`,
  bounds: { x, y, width, height },
  workArea: { x, y, width, height: height - 40 },
  size: { width, height },
  workAreaSize: { width, height: height - 40 },
  scaleFactor: 1,
  rotation: 0,
  internal: id === 1,
});

const overlap = (a: Electron.Rectangle, b: Electron.Rectangle): number => Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

/** The displays; tests replace `displays` and emit `display-added`, `display-removed`, `display-metrics-changed`. */
class Screen extends EventEmitter {
  displays: Shown[] = [display(1, 0, 0, 1920, 1080)];

  getAllDisplays(): Shown[] {
    return this.displays;
  }
  getPrimaryDisplay(): Shown {
    return this.displays[0] ?? display(1, 0, 0, 1920, 1080);
  }
  getDisplayMatching(rectangle: Electron.Rectangle): Shown {
    return this.displays.toSorted((a, b) => overlap(b.bounds, rectangle) - overlap(a.bounds, rectangle))[0] ?? this.getPrimaryDisplay();
  }
  getDisplayNearestPoint({ x, y }: Electron.Point): Shown {
    return this.displays.find(({ bounds }) => x >= bounds.x && x < bounds.x + bounds.width && y >= bounds.y && y < bounds.y + bounds.height) ?? this.getPrimaryDisplay();
  }
  getCursorScreenPoint(): Electron.Point {
    return { x: 0, y: 0 };
  }
}

export const screen = new Screen();
screen satisfies Pick<Electron.Screen, 'getCursorScreenPoint'>;
