import { describe, expect, it } from 'vitest';
import { DoorAction } from '../../../contract/account.ts';
import { endpointNames, endpoints, type Endpoint } from '../../../contract/api/index.ts';
import { ConfigurationKind } from '../../../contract/configuration.ts';
import { ctiCommands } from '../../../contract/cti/index.ts';
import { ACTIONS, differencesOf, factsOf, refusalOf, wordOf } from '../../../renderer/features/audit/audit-words.ts';
import { messages } from '../../../renderer/features/audit/messages.ts';

/** Whatever the contract says is kept in the audit log. */
const kept = [...endpointNames.filter((name) => (endpoints[name] as Endpoint).audited !== undefined), ...Object.entries(ctiCommands).flatMap(([name, row]) => ('audited' in row ? [name] : [])), ...DoorAction.options];

describe('what stands in the audit log', () => {
  it.each(kept)('%s has words', (action) => {
    expect(wordOf(action)).not.toBeNull();
  });

  it.each(['en', 'ko'] as const)('has those words in %s, and no others', (language) => {
    expect(Object.keys(messages[language]['action'] ?? {}).toSorted()).toEqual(ACTIONS.map((action) => wordOf(action) ?? '').toSorted());
  });
});

describe('a kind of what is set up', () => {
  it.each(ConfigurationKind.options)('%s has a word in both languages', (kind) => {
    for (const language of ['en', 'ko'] as const) expect(messages[language]['subjectKind']).toHaveProperty(kind);
  });
});

describe('an entry', () => {
  it('says what was changed, field by field, and nothing of what stayed', () => {
    const note = JSON.stringify({ before: { name: 'A', role: 'agent', groups: [1] }, after: { name: 'B', role: 'agent', groups: [1, 2], more: true } });
    expect(differencesOf({ note })).toEqual([
      { field: 'name', before: 'A', after: 'B' },
      { field: 'groups', before: '[1]', after: '[1,2]' },
      { field: 'more', before: null, after: 'true' },
    ]);
    expect(differencesOf({ note: JSON.stringify({ before: null, after: { name: 'B' } }) })).toEqual([{ field: 'name', before: null, after: 'B' }]);
  });

  it.each(['a reason', '{"not": "that"}', '[1]', '{', 'null'])('with other words, as %s, has them as they are', (note) => {
    expect(differencesOf({ note })).toBeNull();
    expect(differencesOf({ note: null })).toBeNull();
  });

  it('says what else there is, and not again what its words say', () => {
    expect(factsOf({ action: 'configuration.changed', details: { kind: 'person', what: 'created' } })).toEqual([]);
    expect(factsOf({ action: 'auth.signed-in', details: { outcome: 'ok', client: 'desktop', from: null } })).toEqual([['client', 'desktop']]);
  });

  it('says why it came to nothing', () => {
    expect(refusalOf({ action: 'x', details: { outcome: 'forbidden' } })).toBe('forbidden');
    expect(refusalOf({ action: 'x', details: { outcome: 'ok' } })).toBeNull();
    expect(refusalOf({ action: 'auth.refused', details: {} })).toBe('');
    expect(refusalOf({ action: 'auth.signed-in', details: {} })).toBeNull();
  });
});
