/*
 * Bounds of what is brought. Apart from the schemas of media: the first load of a window has the former and not the latter.
 */

/** A sound that somebody brings may have so many bytes: a minute and a half of CD quality. More would not come in the time that a request has. */
export const MOST_UPLOAD_BYTES = 16 * 1024 * 1024;
/** Of bytes on their way from a window to its host: base64 is a third more, and a message to the web shell has no more than 64 KiB. */
export const UPLOAD_PIECE_BYTES = 36 * 1024;
/** An announcement that is longer is none. */
export const LONGEST_ANNOUNCEMENT_MS = 20 * 60_000;
