import { makeEmbedded } from '../../../switch/make-embedded.ts';
import type { Fixtures, SwitchUnderTest } from '../../../switch/stage.ts';

/** Longer than a phone on a busy machine takes to come back. */
const GRACE_MS = 15_000;

/** The embedded switch for tests that show what a phone does when it comes back, and not how long a switch waits for it. */
export const makePatient = (fixtures: Fixtures): Promise<SwitchUnderTest> => makeEmbedded({ ...fixtures, orphanGraceMs: GRACE_MS });
