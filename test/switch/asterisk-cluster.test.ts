import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createAsteriskCluster } from '../../center/switch/asterisk/index.ts';
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts';
import { systemClock } from '../../server/clock.ts';
import { endAsterisk, startAsterisk } from '../support/asterisk.ts';
import { describeSwitch } from './contract.ts';
import { accountOf, linkSounds, testAsterisk } from './make-asterisk.ts';

let other: Promise<RunningAsterisk> | null = null;

afterAll(async () => {
  if (other !== null) await endAsterisk(await other);
});

/** Two Asterisks, and phones at the second of them: what the suite asks without saying where has to find them there. */
describeSwitch('two asterisks', async ({ announcementsDir, trunk, orphanGraceMs }) => {
  other ??= startAsterisk();
  const [idle, asterisk] = await Promise.all([other, testAsterisk()]);
  const { soundsFolder } = asterisk.config;
  await linkSounds(asterisk, announcementsDir);
  const port = createAsteriskCluster({
    accounts: [accountOf(idle), accountOf(asterisk)],
    announcementsDir, soundsFolder, trunk, orphanGraceMs,
    playing: { folder: join(announcementsDir, 'playing'), seenAs: join(announcementsDir, 'playing') },
    // Of whatever release it is: no phone here sends the REFER that ends an older one.
    phoneTransfers: 'yes',
    clock: systemClock,
    logger: { info: () => {}, warn: () => {} },
  });
  return { port, sipUrl: asterisk.sipUrl, takesNewAssociation: false, dispose: async () => {} };
});
