import * as http from 'node:http';
import * as https from 'node:https';

/**
 * Node's own agent for a WebSocket's handshake. `ws` uses none unless told, and would go past the proxy that the
 * host has set for the process.
 */
export const webSocketAgent = (url: string): http.Agent => (/^(wss|https):/.test(url) ? https.globalAgent : http.globalAgent);
