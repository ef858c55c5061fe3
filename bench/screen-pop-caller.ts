import { createSipPhone, type PhoneCall } from '../test/support/sip-phone/index.ts';

/* The process of the customer's telephone: what it does for its own audio is no work of the center's. Asked to `call` or `hangUp`. */

const [, , url = ''] = process.argv;
const phone = createSipPhone({ url, user: 'c3', password: 'customer', toneHz: 700 });
let call: PhoneCall | null = null;

process.on('message', (wish: 'call' | 'hangUp') => void obey(wish).then(() => process.send?.('done'), (error: unknown) => process.send?.({ failed: String(error) })));
process.on('disconnect', () => process.exit());
await phone.register();
process.send?.('ready');

async function obey(wish: 'call' | 'hangUp'): Promise<void> {
  if (wish === 'call') call = await phone.call('15880000');
  else await call?.hangUp();
}
