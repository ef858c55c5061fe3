import { encode } from 'uqr';

/** Quiet zone (ISO/IEC 18004): readers find a code by what is around it. */
const BORDER = 4;

/** A QR code as an SVG draws it: modules a side, its quiet zone among them, and the path of the dark ones. */
export function qrOf(text: string): { size: number; path: string } {
  const { size, data } = encode(text, { ecc: 'M', border: BORDER });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return { size, path };
}
