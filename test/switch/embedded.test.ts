import { describeSwitch } from './contract.ts';
import { makeEmbedded } from './make-embedded.ts';

describeSwitch('embedded', (fixtures) => makeEmbedded(fixtures));
