import { displayName } from '../text.ts';
import type { Trouble } from './ari/connection.ts';

/** Asterisk's buffer for a caller's name is 80 bytes. */
const MAX_NAME_BYTES = 76;

/** What is wrong and which setting puts it right, for the log and for `/healthz`. */
export function troubleInWords(trouble: Trouble): string {
  switch (trouble) {
    case 'unauthorised':
      return 'Asterisk refuses the user or the password: check SANGDAM_ARI_USER and SANGDAM_ARI_PASSWORD against its ari.conf';
    case 'unreachable':
      return 'Asterisk cannot be reached: check SANGDAM_ARI_URL, that Asterisk runs, and its http.conf';
    case 'not-ari':
      return 'what SANGDAM_ARI_URL names is no ARI: it ends in /ari, and ari.conf says enabled=yes';
    case 'lost':
      return 'the connection to Asterisk was lost and is being made again';
  }
}

/** A caller's name that fits into Asterisk's buffer, cut between characters. */
export function shortName(name: string): string {
  const clean = Buffer.from(displayName(name));
  // What was cut within a character decodes to a replacement character at the end.
  return clean.length <= MAX_NAME_BYTES ? clean.toString() : clean.subarray(0, MAX_NAME_BYTES).toString().replace(/\uFFFD$/, '');
}
