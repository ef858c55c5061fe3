import { z } from 'zod';

/** What a query says, in the types that its schema asks for: in an address all is text. What does not look like them stays text, for the schema to refuse. */
export function typedQuery(schema: z.ZodObject, query: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).map(([key, value]) => [key, typeof value === 'string' ? typed(coreOf(schema.shape[key]), value) : value]));
}

function typed(schema: unknown, text: string): unknown {
  if (schema instanceof z.ZodNumber && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (schema instanceof z.ZodBoolean && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** The type without its default and what else is around it. */
function coreOf(schema: unknown): unknown {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? coreOf(schema.unwrap()) : schema;
}
