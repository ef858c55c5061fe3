import type { Feature } from './feature.ts';
import { feature as admin } from '../features/admin/manifest.ts';
import { feature as audit } from '../features/audit/manifest.ts';
import { feature as customers } from '../features/customers/manifest.ts';
import { feature as desk } from '../features/desk/manifest.ts';
import { feature as desktop } from '../features/desktop/manifest.ts';
import { feature as devices } from '../features/devices/manifest.ts';
import { feature as directory } from '../features/directory/manifest.ts';
import { feature as history } from '../features/history/manifest.ts';
import { feature as setUp } from '../features/set-up/manifest.ts';
import { feature as settings } from '../features/settings/manifest.ts';
import { feature as signIn } from '../features/sign-in/manifest.ts';
import { feature as team } from '../features/team/manifest.ts';
import { feature as wallboard } from '../features/wallboard/manifest.ts';

/** Every feature of the window; those with a screen in the rail's order. */
export const features: readonly Feature[] = [signIn, desktop, devices, setUp, desk, customers, history, directory, wallboard, team, admin, audit, settings];
