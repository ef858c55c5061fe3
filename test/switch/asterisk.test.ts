import { describeSwitch } from './contract.ts';
import { makeAsterisk } from './make-asterisk.ts';

describeSwitch('asterisk', (fixtures) => makeAsterisk(fixtures));
