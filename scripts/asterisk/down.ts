import { requireNode } from '../node-version.ts';
import { down } from './up.ts';

requireNode();
console.log((await down()) ? 'Asterisk is ended.' : 'No Asterisk of this checkout runs.');
