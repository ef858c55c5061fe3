import { randomBytes } from 'node:crypto';

/** 256 random bits in base64url: whoever knows them has the session. */
const ID = /^[\w-]{43}$/;
const MAX_HEADER_LENGTH = 8192;

/** A name with this prefix is taken by browsers from this very host alone, and over TLS (RFC 6265bis, 4.1.3.2). */
const nameOf = (isSecure: boolean): string => (isSecure ? '__Host-sangdam' : 'sangdam');

/** The session's id in a Cookie header; null when it has none or sends something else. */
export function sessionIn(cookieHeader: string | undefined, isSecure: boolean): string | null {
  for (const part of (cookieHeader ?? '').slice(0, MAX_HEADER_LENGTH).split(';')) {
    const [name, value = ''] = part.trim().split('=', 2);
    if (name === nameOf(isSecure) && ID.test(value)) return value;
  }
  return null;
}

export const newSessionId = (): string => randomBytes(32).toString('base64url');

const attributes = (isSecure: boolean): string => `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;

/** No script and no other site gets at it, and it is gone with the browser. */
export const cookieFor = (id: string, isSecure: boolean): string => `${nameOf(isSecure)}=${id}; ${attributes(isSecure)}`;

/** Takes the cookie away. */
export const noCookie = (isSecure: boolean): string => `${nameOf(isSecure)}=; Max-Age=0; ${attributes(isSecure)}`;
