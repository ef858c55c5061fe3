import { z } from 'zod';
import type { FactorRequest, NewPasswordRequest } from '../../contract/account.ts';
import { Refreshed, SignedIn, type SignInRequest } from '../../contract/cti/sign-in.ts';
import { fail, ok, resultOf, type Result } from '../../contract/errors.ts';
import { isSecureOrigin } from '../../contract/server-address.ts';
import { connectionErrorCode } from '../network.ts';

const TIMEOUT_MS = 10_000;
/** Bytes take their time on a slow line. */
const UPLOAD_TIMEOUT_MS = 120_000;
/** A page of changes is about 1 MB; anything much larger is no answer of a center. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** The way to the center: sign-in, refresh, and whatever else is asked there. Nothing throws; every answer is parsed. */
export class CenterRest {
  private readonly server: string;
  private readonly fetch: typeof globalThis.fetch;
  private said: Readonly<Record<string, string>>;

  /**
   * @param server origin of the center, such as `http://127.0.0.1:7400`
   * @param headers go along with each request
   */
  constructor(server: string, fetch: typeof globalThis.fetch = globalThis.fetch, headers: Readonly<Record<string, string>> = {}) {
    this.server = server;
    this.fetch = fetch;
    this.said = headers;
  }

  get headers(): Readonly<Record<string, string>> {
    return this.said;
  }

  /** What goes along with each request from now on. */
  introduce(headers: Readonly<Record<string, string>>): void {
    this.said = headers;
  }

  signIn(request: SignInRequest): Promise<Result<SignedIn>> {
    return this.ask('/api/auth/sign-in', post(request), SignedIn);
  }

  /** The second step, of a person with a second factor. */
  answerFactor(request: FactorRequest): Promise<Result<SignedIn>> {
    return this.ask('/api/auth/factor', post(request), SignedIn);
  }

  /** The last step, where the password given is good for no more than choosing another. */
  choosePassword(request: NewPasswordRequest): Promise<Result<SignedIn>> {
    return this.ask('/api/auth/new-password', post(request), SignedIn);
  }

  refresh(refreshToken: string): Promise<Result<Refreshed>> {
    return this.ask('/api/auth/refresh', post({ refreshToken }), Refreshed);
  }

  /** Ends the sign-in and its tokens; `agent.on-call` while a call or after-call work is under way. */
  signOut(accessToken: string): Promise<Result<null>> {
    return this.ask('/api/auth/sign-out', { method: 'POST', headers: { authorization: `Bearer ${accessToken}` } }, z.null());
  }

  /** Asks anything of the center, and gives what it says as JSON; null where it says nothing. */
  async exchange(path: string, { headers, ...init }: Ask): Promise<Result<{ status: number; body: unknown }>> {
    if (!isSecureOrigin(this.server)) return fail('center.insecure', 'passwords and tokens go by https, or to this very machine');
    try {
      const response = await this.fetch(new URL(path, this.server), { ...init, headers: { ...this.headers, ...headers }, redirect: 'error', signal: AbortSignal.timeout(init.body instanceof Uint8Array ? UPLOAD_TIMEOUT_MS : TIMEOUT_MS) });
      if (Number(response.headers.get('content-length') ?? 0) > MAX_ANSWER_BYTES) return fail('unexpected', `the answer to ${path.split('?')[0]} is too large`);
      return ok({ status: response.status, body: response.status === 204 ? null : await response.json() });
    } catch (error) {
      return fail(connectionErrorCode(error), 'the center cannot be asked');
    }
  }

  private async ask<Schema extends z.ZodType>(path: string, init: Ask, schema: Schema): Promise<Result<z.infer<Schema>>> {
    const answer = await this.exchange(path, init);
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    const parsed = resultOf(schema).safeParse(body);
    // The union loses the schema's own type on its way through `resultOf`; it is what was just parsed.
    if (parsed.success) return parsed.data as Result<z.infer<Schema>>;
    return fail(status === 401 ? 'auth.expired' : 'unexpected', `the center answered ${status} with something else than a result`);
  }
}

type Ask = Omit<RequestInit, 'headers'> & { headers: Record<string, string> };

const post = (body: unknown): Ask => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
