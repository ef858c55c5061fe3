import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { CTI_PATH } from '../../../contract/cti/index.ts';
import { until } from '../../support/until.ts';
import { agent, stage } from './stage.ts';

const EVENT_BYTES = 64 * 1024;
/** Far more than the system's own buffers and ours together. */
const MANY = 1000;

describe('failure: a desk that does not read', () => {
  it('is cut off before what waits for it fills the memory, though it answers every ping unasked', async () => {
    const { origin, signIn, center, connect } = await stage();
    const { accessToken } = await signIn('agent1');
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${CTI_PATH}/?EIO=4&transport=websocket`);
    socket.on('error', () => socket.terminate());
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    socket.send(`40${JSON.stringify({ token: accessToken })}`);
    await until('it is a desk', () => center.sinks.has(agent('agent1')));
    socket.pause();

    let told = 0;
    while (told < MANY && center.disconnected.length === 0) {
      center.tell(agent('agent1'), { type: 'notice.raised', payload: { code: 'networkLost', contactId: null, detail: 'x'.repeat(EVENT_BYTES) } });
      told++;
      if (socket.readyState === WebSocket.OPEN) socket.send('3');
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(center.disconnected).toEqual([agent('agent1')]);
    expect(told).toBeLessThan(MANY / 2);

    const back = await connect(accessToken);
    expect(back.error).toBeNull();
    expect(await back.command('sync.snapshot', {})).toMatchObject({ ok: true });
  });
});
