import { createApp } from 'vue';
import CustomerPhone from './CustomerPhone.vue';
import { messagesFor } from './messages.ts';
import { SipPhone } from './sip-phone.ts';
import './style.css';

/** Demo phones of the switch: customers c1 … c9, who call as 010-0000-0001 … 0009. */
const CUSTOMERS = 9;
const PASSWORD = 'customer';

const query = new URLSearchParams(location.search);
const language = query.get('lang') ?? navigator.language;
const messages = messagesFor(language);
document.documentElement.lang = messages.language;
document.title = messages.title;

const phone = new SipPhone({
  server: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/sip`,
  domain: location.hostname,
});

createApp(CustomerPhone, {
  phone,
  messages,
  customers: Array.from({ length: CUSTOMERS }, (_, i) => ({ user: `c${i + 1}`, number: `010-0000-000${i + 1}`, password: PASSWORD })),
  initialUser: query.get('user') ?? 'c1',
  initialNumber: query.get('number') ?? '1588-0000',
  autoRegister: query.get('auto') === 'register',
}).mount('#phone');
