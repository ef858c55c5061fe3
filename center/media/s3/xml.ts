const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const plain = (text: string): string =>
  text.replaceAll(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });

/**
 * What stands in elements of this name, in their order: of the answers of S3, whose elements have no attributes of ours and never
 * stand in one of the same name.
 */
export const elements = (xml: string, name: string): string[] => Array.from(xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([^]*?)</${name}>`, 'g')), ([, inner]) => inner ?? '');

/** The text of the first element of this name; null: there is none. */
export function textOf(xml: string, name: string): string | null {
  const inner = elements(xml, name)[0];
  return inner === undefined ? null : plain(inner);
}
