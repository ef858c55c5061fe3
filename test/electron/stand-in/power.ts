import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

/** Tests emit `suspend`, `resume`, `lock-screen`, `unlock-screen`, `on-battery`, `on-ac` on it. */
class PowerMonitor extends EventEmitter {
  onBatteryPower = false;
  idleSeconds = 0;
  getSystemIdleState(): 'active' | 'idle' | 'locked' | 'unknown' {
    return 'active';
  }
  getSystemIdleTime(): number {
    return this.idleSeconds;
  }
  isOnBatteryPower(): boolean {
    return this.onBatteryPower;
  }
}

export const powerMonitor = new PowerMonitor();
powerMonitor satisfies Pick<Electron.PowerMonitor, 'getSystemIdleState' | 'getSystemIdleTime' | 'isOnBatteryPower'>;

const blockers = new Map<number, string>();
let ids = 0;

export const powerSaveBlocker = {
  start(type: 'prevent-app-suspension' | 'prevent-display-sleep'): number {
    blockers.set(++ids, type);
    return ids;
  },
  stop: (id: number): boolean => blockers.delete(id),
  isStarted: (id: number): boolean => blockers.has(id),
  /** For tests: how many hold the machine awake. */
  get active(): number {
    return blockers.size;
  },
};
powerSaveBlocker satisfies Pick<Electron.PowerSaveBlocker, 'start' | 'stop' | 'isStarted'>;
