import { z } from 'zod';

/** A name that people read: no lines, no marks that nobody sees, no half of a character. Keyboards and systems write the same Hangul in different ways: composed, it is one. */
export const Label = z.string().normalize('NFC').trim().min(1).max(80).refine((text) => text.isWellFormed(), 'has half of a character').refine((text) => !/\p{Cc}|\p{Cf}/u.test(text), 'has characters that nobody sees');
