import { describe, expect, it } from 'vitest';
import { strategies, type Candidate } from '../../../center/acd/strategies.ts';
import type { RoutingStrategy } from '../../../center/configuration/records.ts';
import { AgentId } from '../../../contract/ids.ts';

const candidate = (name: string, fields: Partial<Candidate>): Candidate => ({ agentId: AgentId.parse(name), idleSince: 0, callsToday: 0, skill: 1, order: 0, ...fields });

const candidates = [
  candidate('a', { idleSince: 30, callsToday: 1, skill: 1, order: 0 }),
  candidate('b', { idleSince: 10, callsToday: 5, skill: 3, order: 1 }),
  candidate('c', { idleSince: 20, callsToday: 0, skill: 3, order: 2 }),
];

const pick = (strategy: RoutingStrategy, lastOffered: string | null = null, random = 0) =>
  strategies[strategy]({ candidates, lastOffered: lastOffered === null ? null : AgentId.parse(lastOffered), random: () => random });

describe('a group’s strategy', () => {
  it.each<[RoutingStrategy, string[]]>([
    ['longest-idle', ['b']],
    ['fewest-calls', ['c']],
    ['fixed-order', ['a']],
    ['ring-all', ['b', 'c', 'a']],
    ['skill-level', ['b']],
  ])('%s picks %o', (strategy, picked) => {
    expect(pick(strategy)).toEqual(picked);
  });

  it('round robin goes on after the last one, and around', () => {
    expect([pick('round-robin'), pick('round-robin', 'a'), pick('round-robin', 'b'), pick('round-robin', 'c')]).toEqual([['a'], ['b'], ['c'], ['a']]);
  });

  it('random may pick anyone', () => {
    expect([0, 0.4, 0.999].map((random) => pick('random', null, random))).toEqual([['a'], ['b'], ['c']]);
  });

  it('picks nobody where nobody is free', () => {
    for (const strategy of Object.values(strategies)) expect(strategy({ candidates: [], lastOffered: null, random: () => 0.5 })).toEqual([]);
  });
});
