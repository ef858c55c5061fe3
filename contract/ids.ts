import { z } from 'zod';

/** Branded ids: a string of one kind cannot be passed where another is meant. Dots alone would lead to another address. */
const id = <Brand extends string>(_brand: Brand) => z.string().min(1).max(64).regex(/^[\w.:-]+$/).refine((text) => text !== '.' && text !== '..').brand<Brand>();

export const ContactId = id('ContactId');
export type ContactId = z.infer<typeof ContactId>;

export const LegId = id('LegId');
export type LegId = z.infer<typeof LegId>;

export const AgentId = id('AgentId');
export type AgentId = z.infer<typeof AgentId>;

export const GroupId = id('GroupId');
export type GroupId = z.infer<typeof GroupId>;

export const CustomerId = id('CustomerId');
export type CustomerId = z.infer<typeof CustomerId>;

export const DispositionId = id('DispositionId');
export type DispositionId = z.infer<typeof DispositionId>;

export const FlowId = id('FlowId');
export type FlowId = z.infer<typeof FlowId>;

/** The last moment that is a date (ECMA-262, 21.4.1.1): of a later one none can be made or written. */
const LAST_MS = 8.64e15;

/** Milliseconds since the Unix epoch, on the center's clock. */
export const EpochMs = z.number().int().nonnegative().max(LAST_MS);

/** A length of time in milliseconds. */
export const DurationMs = z.number().nonnegative();
