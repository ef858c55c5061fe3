import { z } from 'zod';
import type { Result } from '../errors.ts';
import type { Scope } from '../permissions.ts';

/** Where every endpoint's path begins. */
export const API_BASE = '/api/v1';

/**
 * One endpoint of the center's API as data. Its request is one object: names that stand in `path` as `:name` travel
 * there, `version` of a versioned one as `If-Match`, the rest in the query of a GET and in the body of all others.
 */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Under `API_BASE`, as `/customers/:customerId`. */
  path: `/${string}`;
  /** One line, in words for who reads the document. */
  summary: string;
  /** Null: anybody may ask, who has no sign-in yet. What proves them, as a code, is in the request. */
  scope: Scope | null;
  request: z.ZodObject;
  response: z.ZodType;
  /** Whoever writes says which version they saw: the `version` of what was answered, sent as its `ETag`, too. */
  versioned?: true;
  /**
   * Kept in the audit log, with how it ended: `subject` names the part of the request that says to whom or what it was
   * done. `by` the store, where that writes down what was done with it: the door writes what was refused.
   */
  audited?: { subject: string | null; by?: 'store' };
  /** It asks and changes nothing, with a body all the same: proxies keep addresses in their logs, and this asks for names and numbers. */
  asks?: true;
  /** Something is made: answered with 201. */
  creates?: true;
  /** Its body is bytes as they are, so many at most; the request travels in the path and the query. */
  takes?: { mostBytes: number };
  /** It answers bytes as they are (`GivenBytes`), whole or a range of them. An address of it may be signed. */
  gives?: 'bytes';
  /** A request that is none is answered with this code, 422 and each field that is wrong (`FieldProblem`), instead of 400. */
  namesFields?: 'setup.invalid';
}

/** What an endpoint that gives bytes answers its door with. */
export interface GivenBytes {
  /** Media type, which the center has found out. */
  type: string;
  bytes: number;
  /** Another for other bytes. */
  tag: string;
  /** From the first byte to before the last. */
  open: (span: { from: number; to: number }) => Promise<Result<AsyncIterable<Uint8Array>>>;
}
export const GivenBytes = z.custom<GivenBytes>((value) => typeof value === 'object' && value !== null && 'open' in value);

/** The names that stand in a path. */
export const pathNames = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');

/** Whether asking again may do something again. */
export const isChange = ({ method, asks }: Pick<Endpoint, 'method' | 'asks'>): boolean => method !== 'GET' && asks !== true;

/** Whether a request of this endpoint stands in a body. */
export const hasBody = ({ method, takes }: Pick<Endpoint, 'method'> & { takes?: Endpoint['takes'] | undefined }): boolean => method !== 'GET' && method !== 'DELETE' && takes === undefined;
