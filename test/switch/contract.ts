import { describeAudio } from './contract-audio.ts';
import { describeCalls } from './contract-calls.ts';
import { describeEarlyMedia } from './contract-early-media.ts';
import { describeFaults } from './contract-faults.ts';
import { describeMedia } from './contract-media.ts';
import { describeSnoop } from './contract-snoop.ts';
import type { MakeSwitch } from './stage.ts';

export type { Fixtures, MakeSwitch, SwitchUnderTest } from './stage.ts';

/**
 * What every engine behind the Switch port must do, proved with real phones: SIP over WebSocket, DTLS-SRTP, and
 * who hears whom by tone. An engine runs it by `describeSwitch(name, makeSwitch)` in a test file of its own.
 */
export function describeSwitch(name: string, make: MakeSwitch): void {
  describeCalls(name, make);
  describeAudio(name, make);
  describeEarlyMedia(name, make);
  describeMedia(name, make);
  describeSnoop(name, make);
  describeFaults(name, make);
}
