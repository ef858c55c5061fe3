import { requireNode } from './node-version.ts';
import { buildDesktop, buildWeb } from './builds.ts';

requireNode();

/** Everything that is built at all: the pages, and the desktop's main and preload. Node runs the rest as it is. */
const force = !process.argv.includes('--if-needed');
const passed = (await buildWeb({ force })) && (process.argv.includes('--web') || (await buildDesktop({ force })));
process.exit(passed ? 0 : 1);
