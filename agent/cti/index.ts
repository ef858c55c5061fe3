export { CtiClient, type CtiClientEvent, type CtiClientOptions, type CtiState } from './client.ts';
export { CenterRest } from './rest.ts';
export { Tokens } from './tokens.ts';
export { probeCenter } from './probe.ts';
