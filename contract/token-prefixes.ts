/*
 * By what tokens that are nobody's are known where they do not belong. Apart from what they are (`credentials.ts`): every page looks
 * whether its address has one before it loads anything else.
 */

export const DISPLAY_PREFIX = 'sangdam_wall_';
export const KEY_PREFIX = 'sangdam_key_';
