import { describeHostileCalls } from './hostile-calls.ts';

describeHostileCalls('the embedded switch', async () => ({
  environment: { SANGDAM_SWITCH: 'embedded' },
  sipUrl: (origin) => `${origin.replace(/^http/, 'ws')}/sip`,
  stop: () => Promise.resolve(),
}));
