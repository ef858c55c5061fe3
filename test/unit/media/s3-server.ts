import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import S3rver from 's3rver';
import type { S3Settings } from '../../../center/media/s3/settings.ts';
import { temporaryFolder } from '../store/support.ts';
import { objectionTo } from './signature.ts';

const BUCKET = 'sounds';
const SECRET = 'S3RVER';
const KNOWN_KEY = /Credential=S3RVER\//;
const SUFFIX = '._S3rver_object';

/** What happens to a request on its way; null: it reaches the server. */
export type OnTheWay = (request: IncomingMessage, response: ServerResponse) => 'taken' | null;

/**
 * An S3 server of somebody else's (s3rver), with a bucket for this test. It knows keys, clocks, ranges and parts, but looks at no
 * signature of version 4: the door before it does, and there a test may answer by itself.
 */
export async function s3Server() {
  const directory = await temporaryFolder();
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: BUCKET, configs: [] }] });
  const { port } = await server.run();
  const asked: { method: string; url: string }[] = [];
  let onTheWay: OnTheWay = () => null;
  const door = createServer((request, response) => {
    asked.push({ method: request.method ?? '', url: request.url ?? '' });
    if (onTheWay(request, response) === 'taken') return;
    void bodyOf(request).then((body) => {
      const objection = objectionTo(request, body, SECRET);
      if (objection === null || !KNOWN_KEY.test(request.headers.authorization ?? '')) pass(request, response, body);
      else response.writeHead(403, { 'content-type': 'application/xml' }).end(`<Error><Code>${objection}</Code></Error>`);
    });
  });
  const pass = (request: IncomingMessage, response: ServerResponse, body: Buffer): void => {
    const onwards = ask({ host: '127.0.0.1', port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onwards.on('error', () => response.destroy());
    onwards.end(body);
  };
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    door.closeAllConnections();
    await new Promise((resolve) => door.close(resolve));
  };
  onTestFinished(async () => {
    await close();
    await server.close();
  });
  const prefix = `center/${randomUUID()}/`;
  const folder = join(directory, BUCKET, prefix);
  const settings: S3Settings = { endpoint: `http://127.0.0.1:${(door.address() as AddressInfo).port}`, region: 'us-east-1', bucket: BUCKET, prefix, keyId: 'S3RVER', secret: SECRET, style: 'path' };
  return {
    settings, asked, close,
    pathOf: (name: string): string => join(folder, `${name}${SUFFIX}`),
    names: async (): Promise<string[]> => (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length)),
    /** From now on. */
    intercept: (act: OnTheWay): void => void (onTheWay = act),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
