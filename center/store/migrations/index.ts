import type { Migration } from 'kysely/migration';
import { configuration } from './0001-configuration.ts';
import { customers } from './0002-customers.ts';
import { logs } from './0003-logs.ts';
import { sessions } from './0004-sessions.ts';
import { accounts } from './0005-accounts.ts';
import { dialling } from './0006-dialling.ts';
import { personalData } from './0007-personal-data.ts';
import { accountability } from './0008-accountability.ts';
import { safekeeping } from './0009-safekeeping.ts';
import { records } from './0010-records.ts';
import { ownSignIns } from './0012-own-sign-ins.ts';
import { givenNumbers } from './0013-given-numbers.ts';
import { liveConfiguration } from './0015-live-configuration.ts';
import { rollUps } from './0016-roll-ups.ts';
import { signInKinds } from './0017-sign-in-kinds.ts';
import { credentials } from './0018-credentials.ts';
import { jobs } from './0019-jobs.ts';
import { auditRead } from './0020-audit-read.ts';
import { invitations } from './0021-invitations.ts';
import { media } from './0022-media.ts';
import { contactLegs } from './0023-contact-legs.ts';
import { formerConfiguration } from './0024-former-configuration.ts';
import { awayReasons } from './0025-away-reasons.ts';

/** All migrations, in order. One that has been released is never changed: add the next. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-configuration': configuration,
  '0002-customers': customers,
  '0003-logs': logs,
  '0004-sessions': sessions,
  '0005-accounts': accounts,
  '0006-dialling': dialling,
  '0007-personal-data': personalData,
  '0008-accountability': accountability,
  '0009-safekeeping': safekeeping,
  '0010-records': records,
  '0012-own-sign-ins': ownSignIns,
  '0013-given-numbers': givenNumbers,
  '0015-live-configuration': liveConfiguration,
  '0016-roll-ups': rollUps,
  '0017-sign-in-kinds': signInKinds,
  '0018-credentials': credentials,
  '0019-jobs': jobs,
  '0020-audit-read': auditRead,
  '0021-invitations': invitations,
  '0022-media': media,
  '0023-contact-legs': contactLegs,
  '0024-former-configuration': formerConfiguration,
  '0025-away-reasons': awayReasons,
};

/** By number, in the order they are applied. */
export const numbered = Object.entries(migrations)
  .map(([name, migration]) => ({ number: Number(name.slice(0, 4)), migration }))
  .toSorted((a, b) => a.number - b.number);

/** The number of the newest migration: what a store says that is up to date. */
export const SCHEMA_VERSION = numbered.at(-1)?.number ?? 0;
