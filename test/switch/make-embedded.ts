import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createEmbeddedSwitch, type EmbeddedSwitchOptions } from '../../center/switch/embedded/index.ts';
import type { Fixtures, SwitchUnderTest } from './stage.ts';

/** Lines the engine logged. */
export type LogLines = { fields: Record<string, unknown>; message: string }[];

/** The embedded engine on an HTTP server of its own, on a free port. */
export async function makeEmbedded(fixtures: Fixtures, more: Partial<EmbeddedSwitchOptions> = {}, log: LogLines = []): Promise<SwitchUnderTest> {
  const write = (fields: Record<string, unknown>, message: string): void => {
    log.push({ fields, message });
  };
  const port = createEmbeddedSwitch({ mediaAddress: '127.0.0.1', logger: { info: write, warn: write }, ...fixtures, ...more });
  const http = createServer();
  http.on('upgrade', (request, socket, head) => port.handleUpgrade(request, socket, head));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port: number } = http.address() as AddressInfo;
  return {
    port,
    sipUrl: `ws://127.0.0.1:${number}/sip`,
    dispose: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}
