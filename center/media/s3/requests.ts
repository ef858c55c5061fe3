import { setTimeout as wait } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { MediaStoreError } from '../store.ts';
import { errorOf, isPassing } from './errors.ts';
import { addressOf, type S3Settings } from './settings.ts';
import { textOf } from './xml.ts';

/** No answer that we ask for has more: a block of an object, or a page of a list. */
const MOST_ANSWER_BYTES = 8 * 1024 * 1024;

export interface S3Ask {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD';
  /** The whole of it, prefix and name; empty: the bucket itself. */
  key: string;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the body in hexadecimal: the store refuses what it did not get as it was sent. */
  sha256?: string;
}

export interface S3Answer {
  status: number;
  headers: Headers;
  body: Buffer;
  /** The body where it is words. */
  text: () => string;
  /** The code of an error in it; empty: none. */
  said: string;
}

/** How long one attempt may take, how long all of them, and how many there are. */
export interface Patience {
  attemptMs: number;
  allMs: number;
  attempts: number;
}

export interface S3Times {
  /** A caller waits to hear it. */
  read: Patience;
  /** A part of a file. */
  write: Patience;
  /** Everything else. */
  ask: Patience;
  /** The longest first pause; each further one may be twice as long. */
  pauseMs: number;
}

export const defaultTimes: S3Times = {
  read: { attemptMs: 5000, allMs: 8000, attempts: 4 },
  write: { attemptMs: 60_000, allMs: 90_000, attempts: 4 },
  ask: { attemptMs: 10_000, allMs: 20_000, attempts: 4 },
  pauseMs: 200,
};
const LONGEST_PAUSE_MS = 3000;

export interface S3Parts {
  settings: S3Settings;
  times?: S3Times;
  /** Objects in a page of the list; S3 gives no more than a thousand. */
  listBy?: number;
  /** Wall clock, epoch milliseconds. */
  now?: () => number;
  /** Node's own unless given. */
  fetch?: typeof fetch;
}

/** Signed requests to one bucket, asked again where that may help. Redirects are not followed: a signature is for one host. */
export class S3Requests {
  readonly settings: S3Settings;
  readonly times: S3Times;
  private readonly fetch: typeof fetch;
  private readonly now: () => number;

  constructor({ settings, times, now, fetch: given }: S3Parts) {
    this.settings = settings;
    this.times = times ?? defaultTimes;
    this.fetch = given ?? fetch;
    this.now = now ?? Date.now;
  }

  /**
   * @returns an answer of 2xx
   * @throws S3Error for what the store refuses, MediaStoreError `away` where there is no answer in time
   */
  async ask(ask: S3Ask, { attemptMs, allMs, attempts }: Patience = this.times.ask): Promise<S3Answer> {
    const until = performance.now() + allMs;
    for (let attempt = 1; ; attempt++) {
      const left = until - performance.now();
      const answer = await this.once(ask, Math.min(attemptMs, left)).catch((error: unknown) => asAway(error, this.settings.endpoint));
      const mayPass = answer instanceof Error || isPassing(answer);
      if (!(answer instanceof Error) && answer.status >= 200 && answer.status < 300 && !mayPass) return answer;
      const pauseMs = Math.max(Math.random() * Math.min(LONGEST_PAUSE_MS, this.times.pauseMs * 2 ** (attempt - 1)), answer instanceof Error ? 0 : afterMs(answer));
      if (mayPass && attempt < attempts && performance.now() + pauseMs < until) {
        await wait(pauseMs);
        continue;
      }
      throw answer instanceof Error ? answer : errorOf(answer, this.settings, this.now());
    }
  }

  /** The bytes of an object; null where the store does not say. @throws as `ask` */
  async sizeOf(key: string): Promise<number | null> {
    const { headers } = await this.ask({ method: 'HEAD', key });
    return headers.has('content-length') ? Number(headers.get('content-length')) : null;
  }

  private async once({ method, key, query, headers, body, sha256 }: S3Ask, withinMs: number): Promise<S3Answer> {
    const { keyId, secret, region } = this.settings;
    const url = addressOf(this.settings, key, query).href;
    const datetime = new Date(this.now()).toISOString().replaceAll(/[:-]|\.\d{3}/g, '');
    const signed = await new AwsV4Signer({ method, url, datetime, headers: { ...headers, ...(sha256 !== undefined && { 'x-amz-content-sha256': sha256 }) }, accessKeyId: keyId, secretAccessKey: secret, service: 's3', region }).sign();
    const response = await this.fetch(signed.url, { method, headers: signed.headers, redirect: 'manual', signal: AbortSignal.timeout(Math.max(1, Math.ceil(withinMs))), ...(body && { body }) });
    const content = await bodyOf(response);
    const text = (): string => content.toString('utf8');
    const isWords = response.status >= 300 || response.headers.get('content-type')?.includes('xml') === true;
    const said = isWords && content.subarray(0, 500).includes('<Error>') ? (textOf(text(), 'Code') ?? '') : '';
    return { status: response.status, headers: response.headers, body: content, text, said };
  }
}

class EndlessAnswer extends Error {}

async function bodyOf(response: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    if (bytes > MOST_ANSWER_BYTES) throw new EndlessAnswer('an answer without end');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** How long a store that is busy wants to be left alone. */
function afterMs({ headers }: S3Answer): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? Math.min(LONGEST_PAUSE_MS, seconds * 1000) : 0;
}

/** What became of a request that has no answer. @throws what is no word of the network */
function asAway(error: unknown, endpoint: string): MediaStoreError {
  // `fetch` says TypeError of whatever happens on the way.
  const isOfNetwork = error instanceof TypeError || error instanceof DOMException || error instanceof EndlessAnswer;
  if (!isOfNetwork) throw error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
  const why = error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : (code ?? (cause instanceof Error ? cause.message : String(cause)));
  return new MediaStoreError('away', `${endpoint}: ${why}`, { cause: error });
}
