/** Electron's two channels of the bridge: calls with an answer, and events. No other file names a channel. */
export const IPC_CALL = 'bridge.call';
export const IPC_EVENT = 'bridge.event';
