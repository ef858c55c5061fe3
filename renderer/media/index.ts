export * from './audio.ts';
export { listDevices, onDevicesChanged, type AudioDevice, type AudioDevices } from './devices.ts';
export { meter } from './level-meter.ts';
export { loopback, type LoopbackPhase } from './loopback.ts';
export { askToNotify, mayNotify, notifyOfCall } from './notify.ts';
export { playSample } from './ringer.ts';
export { takeTurn } from './turn.ts';
