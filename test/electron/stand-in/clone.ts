/*
 * Values on their way between main, the preload's world and the page, as Electron moves them: structured clones.
 * CDP carries text, so a clone is written as text and read back. `createCodec` runs in Node and, as its own source
 * text, in pages: it may use nothing from outside its body.
 */

export interface Codec {
  /** @throws DataCloneError for functions, symbols and whatever else has no structured clone */
  encode(value: unknown): string;
  decode(text: string): unknown;
}

export function createCodec(): Codec {
  type Tag = 'undefined' | 'number' | 'bigint' | 'reference';
  type Written = null | boolean | number | string | [Tag, (string | number)?];
  type Node =
    | ['object', [string, Written][]]
    | ['array', Written[]]
    | ['map', [Written, Written][]]
    | ['set', Written[]]
    | ['date', number]
    | ['regexp', string, string]
    | ['buffer', string]
    | ['view', string, Written, number, number]
    | ['error', string, string, string];

  const toBase64 = (bytes: Uint8Array): string => {
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  };
  const fromBase64 = (text: string): ArrayBuffer => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
  const views: Record<string, new (buffer: ArrayBuffer, offset: number, length: number) => object> = { Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView };

  return {
    encode(given) {
      const nodes: Node[] = [];
      const seen = new Map<object, number>();
      const node = (value: object): Node => {
        if (Array.isArray(value)) return ['array', value.map(write)];
        if (value instanceof Map) return ['map', [...value].map(([key, entry]) => [write(key), write(entry)])];
        if (value instanceof Set) return ['set', [...value].map(write)];
        if (value instanceof Date) return ['date', value.getTime()];
        if (value instanceof RegExp) return ['regexp', value.source, value.flags];
        if (value instanceof Error) return ['error', value.name, value.message, value.stack ?? ''];
        if (value instanceof ArrayBuffer) return ['buffer', toBase64(new Uint8Array(value))];
        if (ArrayBuffer.isView(value)) return ['view', value.constructor.name, write(value.buffer), value.byteOffset, 'length' in value ? Number(value.length) : value.byteLength];
        return ['object', Object.entries(value).map(([key, entry]) => [key, write(entry)])];
      };
      const write = (value: unknown): Written => {
        if (value === undefined) return ['undefined'];
        if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
        if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : ['number', Object.is(value, -0) ? '-0' : String(value)];
        if (typeof value === 'bigint') return ['bigint', String(value)];
        const known = seen.get(value);
        if (known !== undefined) return ['reference', known];
        const at = nodes.push(['array', []]) - 1;
        seen.set(value, at);
        nodes[at] = node(value);
        return ['reference', at];
      };
      // The platform's own clone decides what may pass, and makes class instances plain.
      const root = write(structuredClone(given));
      return JSON.stringify({ root, nodes });
    },

    decode(text) {
      const { root, nodes } = JSON.parse(text) as { root: Written; nodes: Node[] };
      const made = new Map<number, unknown>();
      const read = (written: Written): unknown => {
        if (!Array.isArray(written)) return written;
        const [tag, value] = written;
        if (tag === 'undefined') return undefined;
        if (tag === 'number') return Number(value);
        if (tag === 'bigint') return BigInt(String(value));
        const at = Number(value);
        return made.has(at) ? made.get(at) : build(at);
      };
      const keep = <Value>(at: number, value: Value): Value => {
        made.set(at, value);
        return value;
      };
      const build = (at: number): unknown => {
        const node = nodes[at] ?? ['array', []];
        switch (node[0]) {
          case 'object': {
            const object = keep(at, {});
            // As a structured clone does: an own property even where the name is `__proto__`.
            for (const [key, value] of node[1]) Object.defineProperty(object, key, { value: read(value), writable: true, enumerable: true, configurable: true });
            return object;
          }
          case 'array': {
            const array: unknown[] = keep(at, []);
            for (const value of node[1]) array.push(read(value));
            return array;
          }
          case 'map': {
            const map = keep(at, new Map());
            for (const [key, value] of node[1]) map.set(read(key), read(value));
            return map;
          }
          case 'set': {
            const set = keep(at, new Set());
            for (const value of node[1]) set.add(read(value));
            return set;
          }
          case 'date':
            return keep(at, new Date(node[1]));
          case 'regexp':
            return keep(at, new RegExp(node[1], node[2]));
          case 'buffer':
            return keep(at, fromBase64(node[1]));
          case 'view': {
            const View = views[node[1]] ?? Uint8Array;
            return keep(at, new View(read(node[2]) as ArrayBuffer, node[3], node[4]));
          }
          case 'error': {
            const error = keep(at, new Error(node[2]));
            error.name = node[1];
            error.stack = node[3];
            return error;
          }
          default:
            return node satisfies never;
        }
      };
      return read(root);
    },
  };
}
