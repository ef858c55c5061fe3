import { describe, expect, it } from 'vitest';
import { ctiCommands, type CtiCommandName } from '../../../contract/cti/index.ts';
import { CustomerId, LegId } from '../../../contract/ids.ts';
import { settle, talkingStage } from './center-stage.ts';

/** Commands about a contact, from the contract: one that joins them is here by itself. */
const commands = (Object.keys(ctiCommands) as CtiCommandName[]).filter((name) => 'contactId' in ctiCommands[name].request.shape);
const target = { kind: 'number', number: '1002' } as const;
/** What any of them may want besides the contact. */
const more = { target, next: null, ticket: '3f0c1a52-8a52-4a8e-9d2a-4f6a7c9e1b20', held: false, memo: 'mine now', customerId: CustomerId.parse('cu-1'), dispositionId: null, version: '1', legId: LegId.parse('leg-1'), change: 'remove' };

describe('failure: a contact that is somebody else’s', () => {
  it.each(commands)('is not there for %s, whoever asks', async (name) => {
    const { contactId, signIn, switchPort, center, desk } = await talkingStage();
    const before = [JSON.stringify(desk.contact), [...switchPort.channels.keys()]];
    for (const other of ['agent2', 'supervisor', 'admin']) {
      const { connection } = await signIn(other);
      const { shape } = ctiCommands[name].request;
      const request = ctiCommands[name].request.parse(Object.fromEntries(Object.entries({ contactId, ...more }).filter(([key]) => Object.hasOwn(shape, key))));
      const answer = await connection?.command(name, request);
      expect([other, answer]).toMatchObject([other, { ok: false, error: { code: 'contact.not-found' } }]);
      await settle();
      expect([JSON.stringify(desk.contact), [...switchPort.channels.keys()]]).toEqual(before);
    }
    expect(center.contactCount).toBe(1);
  });
});
