export { createAgentSession, type AgentSession, type AgentSessionOptions, type BridgeEvent, type Caller } from './session.ts';
export { CustomerCache, ScopedCaches, type CacheOptions, type Customers } from './customers/index.ts';
export { noDesktop, type DesktopHost } from './desktop-host.ts';
export { memorySettings, type SettingsStore } from './settings-store.ts';
export { KeptSignIn, keepsNothing, type SignInKeeper } from './sign-in-keeper.ts';
export { systemClock, type Clock } from './clock.ts';
export { redact, silentLogger, type Logger } from './logger.ts';
export { probeCenter } from './cti/index.ts';
