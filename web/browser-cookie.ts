import { randomBytes } from 'node:crypto';

const NAME = 'sangdam_browser';
const ID = /^[\w-]{43}$/;
const YEAR_S = 31_536_000;

/** The browser's id from a Cookie header; null when it has none or sends something else. */
export function browserOf(cookieHeader: string | undefined): string | null {
  for (const part of (cookieHeader ?? '').slice(0, 4096).split(';')) {
    const [name, value = ''] = part.trim().split('=', 2);
    if (name === NAME && ID.test(value)) return value;
  }
  return null;
}

/** 256 random bits: whoever knows them has the session. */
export const newBrowser = (): string => randomBytes(32).toString('base64url');

/** No script and no other site gets at it. */
export const cookieFor = (browser: string, isSecure: boolean): string =>
  `${NAME}=${browser}; Path=/bridge; Max-Age=${YEAR_S}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
