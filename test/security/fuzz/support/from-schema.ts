import * as fc from 'fast-check';
import { z } from 'zod';
import { hostileText, hostileValue } from './hostile.ts';

/** As much of JSON Schema as zod writes for our contracts. */
interface Shape {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Shape[];
  oneOf?: Shape[];
  allOf?: Shape[];
  properties?: Record<string, Shape>;
  required?: string[];
  items?: Shape;
  additionalProperties?: Shape | boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  $ref?: string;
  $defs?: Record<string, Shape>;
}

export interface FromSchema {
  /** Values that properties of these names have now and then, so that a request is about something that exists. */
  known?: Readonly<Record<string, readonly unknown[]>>;
  /** One in so many values is replaced by one that has no business there; 0 for none. */
  dirtOneIn: number;
}

/** Requests as the schema wants them, with something wrong in one place or another. */
export function fromSchema(schema: z.ZodType, { known = {}, dirtOneIn }: FromSchema): fc.Arbitrary<unknown> {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;

  const dirty = (clean: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => (dirtOneIn === 0 ? clean : fc.oneof({ weight: dirtOneIn, arbitrary: clean }, { weight: 1, arbitrary: hostileValue() }));

  function of(shape: Shape, name: string, depth: number): fc.Arbitrary<unknown> {
    const values = known[name];
    const made = cleanOf(shape, depth);
    return dirty(values === undefined || shape.type === 'object' ? made : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: made }));
  }

  function cleanOf(shape: Shape, depth: number): fc.Arbitrary<unknown> {
    if (depth > 8) return fc.constant(null);
    if (shape.$ref !== undefined) return cleanOf(shape.$ref === '#' ? root : (root.$defs?.[shape.$ref.replace('#/$defs/', '')] ?? {}), depth + 1);
    const choices = shape.anyOf ?? shape.oneOf;
    if (choices !== undefined) return fc.oneof(...choices.map((one) => cleanOf(one, depth + 1)));
    if (shape.const !== undefined) return fc.constant(shape.const);
    if (shape.enum !== undefined) return fc.constantFrom(...shape.enum);
    switch (shape.type) {
      case 'object':
        return objectOf(shape, depth);
      case 'array':
        return fc.array(of(shape.items ?? {}, '', depth + 1), { maxLength: Math.min(shape.maxItems ?? 4, 4) });
      case 'string':
        return textOf(shape);
      case 'integer':
        return fc.oneof(fc.integer({ min: whole(shape.minimum, -5), max: whole(shape.maximum, 100_000) }), fc.constantFrom(whole(shape.minimum, -5), whole(shape.maximum, 100_000)));
      case 'number':
        return fc.double({ min: shape.minimum ?? -5, max: shape.maximum ?? 1e6, noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      default:
        return hostileValue();
    }
  }

  function objectOf({ properties = {}, required = [], additionalProperties }: Shape, depth: number): fc.Arbitrary<unknown> {
    const fields = Object.fromEntries(Object.entries(properties).map(([name, shape]) => [name, of(shape, name, depth + 1)]));
    const given = fc.record(fields, { requiredKeys: required.filter((name) => Object.hasOwn(fields, name)) });
    if (typeof additionalProperties === 'object') return fc.dictionary(hostileText(), of(additionalProperties, '', depth + 1), { maxKeys: 4 });
    if (dirtOneIn === 0) return given;
    const more = fc.dictionary(fc.oneof(hostileText(), fc.constantFrom('agentId', 'role', 'isAdmin')), hostileValue(), { maxKeys: 1 });
    return fc.oneof({ weight: dirtOneIn, arbitrary: given }, { weight: 1, arbitrary: fc.tuple(given, more).map(([one, other]) => ({ ...one, ...other })) });
  }

  return of(root, '', 0);
}

const whole = (limit: number | undefined, otherwise: number): number => (limit === undefined || !Number.isSafeInteger(limit) || Math.abs(limit) > 1e9 ? otherwise : limit);

function textOf({ pattern, format, minLength = 0, maxLength = 60 }: Shape): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'uri') return fc.webUrl();
  if (pattern !== undefined && format === undefined) return fc.stringMatching(new RegExp(pattern));
  const [least, most] = [minLength, Math.max(minLength, Math.min(maxLength, 200))];
  return fc.oneof(
    { weight: 3, arbitrary: fc.string({ minLength: least, maxLength: most }) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: least, maxLength: most }) },
    { weight: 1, arbitrary: fc.constantFrom(maxLength, maxLength + 1).map((length) => '가'.repeat(Math.min(length, 20_000))) },
  );
}
