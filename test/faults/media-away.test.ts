import { expect, it } from 'vitest';
import { z } from 'zod';
import { until } from '../support/until.ts';
import { s3Server } from '../unit/media/s3-server.ts';
import { Program } from './support/program.ts';

const Health = z.object({ ok: z.boolean(), mediaTrouble: z.string().optional() });
const healthOf = async (program: Program) => Health.parse(await (await fetch(`${program.origin}/healthz`)).json());

it('a center whose store of sounds refuses it, or is away, starts and works, and says why', async () => {
  const { settings, intercept } = await s3Server();
  const environment = { SANGDAM_S3_ENDPOINT: settings.endpoint, SANGDAM_S3_BUCKET: settings.bucket, SANGDAM_S3_KEY_ID: settings.keyId, SANGDAM_S3_SECRET: 'another' };
  const program = await Program.start(undefined, environment);
  expect(await until('it is told', async () => (await healthOf(program)).mediaTrouble)).toBe('the secret is not that of the key id');
  expect((await healthOf(program)).ok).toBe(true);
  await program.kill();

  program.set({ SANGDAM_S3_SECRET: settings.secret });
  intercept(() => 'taken');
  await program.startAgain();
  expect((await healthOf(program)).ok).toBe(true);
  intercept(() => null);
  await until('nothing is amiss', async () => (await healthOf(program)).mediaTrouble === undefined);
}, 120_000);
