/*
 * Korea's short numbers (+82): emergency and public services. They have no international form.
 */

/** Area codes without their zero. */
export const AREA = '2|3[1-3]|4[1-4]|5[1-5]|6[1-4]';

/** Emergency and public service numbers: 1YY, 13YY; with an area's code, those of that area. */
const SERVICE = new RegExp(`^(?:\\+820?|(?=1)|0(?=[2-6]))((?:${AREA})?)(1\\d{2}|13\\d{2})$`);

export type ServiceNumber = { kind: 'emergency' | 'service'; number: string };

/** `114`, `1330`, `02-120`, as they are dialled in Korea; null for others. @param digits as written, with `+` or without */
export function koreanService(digits: string): ServiceNumber | null {
  const [, area, number] = SERVICE.exec(digits) ?? [];
  if (area === undefined || number === undefined) return null;
  return { kind: number === '112' || number === '119' ? 'emergency' : 'service', number: (area === '' ? '' : `0${area}`) + number };
}

/**
 * Whether these digits may become an extension. Emergency and short service numbers (112, 114, 02119) may not: whoever
 * dials one means it, and 112 never rings in the office. Of 13YY, which a plan of four digits needs, an office may choose some.
 */
export const mayBeExtension = (digits: string): boolean => koreanService(digits) === null || /^13\d{2}$/.test(digits);
