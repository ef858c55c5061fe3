import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HangUpCause } from '../../center/switch/port.ts';
import { until } from '../support/sip-phone/index.ts';
import { CUSTOMER_NUMBER, must, Stage, type MakeSwitch } from './stage.ts';

/** Registrations, calls both ways, transfers: the signalling half of the contract. */
export function describeCalls(name: string, make: MakeSwitch): void {
  describe(`${name} switch, calls`, () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await Stage.open(make);
    });
    afterEach(() => stage.close());

    describe('registration', () => {
      it('tells when a phone comes and goes', async () => {
        const phone = await stage.registered('1001');
        await stage.event('endpoint.changed', (event) => event.user === '1001' && event.registered);
        expect(stage.port.isRegistered('1001')).toBe(true);
        await phone.unregister();
        await stage.event('endpoint.changed', (event) => event.user === '1001' && !event.registered);
        expect(stage.port.isRegistered('1001')).toBe(false);
      });

      it('takes a phone whose connection closed for gone', async () => {
        const phone = await stage.registered('1001');
        await phone.dropConnection();
        await stage.event('endpoint.changed', (event) => event.user === '1001' && !event.registered);
        expect(stage.port.isRegistered('1001')).toBe(false);
      });

      it('rings the phone that registered last', async () => {
        const former = await stage.registered('1001');
        const latter = await stage.registered('1001');
        await former.dropConnection();
        await until('the latter is known', () => stage.port.isRegistered('1001'));
        must(await stage.originate('1001'));
        expect((await latter.incoming()).callerNumber).toBe('15880000');
      });

      it('forgets an endpoint that was removed', async () => {
        await stage.registered('1001');
        must(await stage.port.removeEndpoint('1001'));
        expect(stage.port.isRegistered('1001')).toBe(false);
        await expect(stage.phone('1001').register()).rejects.toThrow(/40[13]/);
      });

      it('asks for the new password once it was changed', async () => {
        await stage.registered('1001');
        must(await stage.port.putEndpoint({ user: '1001', password: 'another', displayName: '', callerNumber: '1001' }));
        expect(stage.port.isRegistered('1001')).toBe(false);
        await stage.phone('1001', { password: 'another' }).register();
        await until('it is known', () => stage.port.isRegistered('1001'));
      });
    });

    describe('a call that comes in', () => {
      it('arrives with who called, what was dialled and our own headers', async () => {
        const phone = await stage.registered('c1');
        const { channel } = await stage.dial(phone, '15880000', ['X-Sangdam-Contact: abc-1', 'X-Other: no']);
        expect(channel).toMatchObject({
          state: 'incoming',
          endpoint: 'c1',
          callerNumber: CUSTOMER_NUMBER,
          callerName: '전화 c1',
          dialled: '15880000',
          headers: { 'x-sangdam-contact': 'abc-1' },
        });
        expect(must(await stage.port.listChannels()).map(({ channelId }) => channelId)).toEqual([channel.channelId]);
      });

      it('is understood whatever domain the phone dials at', async () => {
        const phone = await stage.registered('c1', { domain: 'example.org' });
        expect((await stage.dial(phone, '1001')).channel.dialled).toBe('1001');
      });

      it('hears that it rings, and is answered', async () => {
        const phone = await stage.registered('c1');
        const { call, channel } = await stage.dial(phone, '15880000');
        must(await stage.port.ring(channel.channelId));
        await call.ringing();
        must(await stage.port.answer(channel.channelId));
        await call.answered();
        await stage.event('channel.answered', (event) => event.channelId === channel.channelId);
        expect(must(await stage.port.listChannels())[0]?.state).toBe('up');
      });

      const refusals: [HangUpCause, number][] = [['busy', 486], ['rejected', 603], ['unknownNumber', 404], ['noAnswer', 480], ['unreachable', 480], ['failed', 500]];
      it.each(refusals)('refused as %s, is told by SIP status %i', async (cause, status) => {
        const phone = await stage.registered('c1');
        const { call, channel } = await stage.dial(phone, '15880000');
        must(await stage.port.hangUp(channel.channelId, cause));
        expect((await call.ended()).status).toBe(status);
        expect(await stage.ended(channel.channelId)).toBe(cause);
      });

      it('ends as cancelled when the caller gives up', async () => {
        const phone = await stage.registered('c1');
        const { call, channel } = await stage.dial(phone, '15880000');
        must(await stage.port.ring(channel.channelId));
        await call.ringing();
        await call.hangUp();
        expect(await stage.ended(channel.channelId)).toBe('cancelled');
      });

      it('ends when the caller hangs up', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('c1'));
        await call.hangUp();
        expect(await stage.ended(channelId)).toBe('normal');
        expect(must(await stage.port.listChannels())).toEqual([]);
      });

      it('ends when the center hangs up, even before the phone has acknowledged', async () => {
        const phone = await stage.registered('c1');
        const { call, channel } = await stage.dial(phone, '15880000');
        must(await stage.port.answer(channel.channelId));
        must(await stage.port.hangUp(channel.channelId, 'normal'));
        await call.ended();
        expect(await stage.ended(channel.channelId)).toBe('normal');
      });
    });

    describe('a call of the center', () => {
      it('rings a phone with number, name and headers, and is answered', async () => {
        const phone = await stage.registered('1001');
        const channelId = stage.newId('channel');
        must(await stage.originate('1001', { channelId, callerNumber: CUSTOMER_NUMBER, callerName: '고객 0001', headers: { 'X-Sangdam-Contact': 'abc-2' } }));
        const call = await phone.incoming();
        expect([call.callerNumber, call.callerName, call.header('X-Sangdam-Contact')]).toEqual([CUSTOMER_NUMBER, '고객 0001', 'abc-2']);
        await stage.event('channel.ringing', (event) => event.channelId === channelId);
        await call.answer();
        await stage.event('channel.answered', (event) => event.channelId === channelId);
        expect(must(await stage.port.listChannels())).toMatchObject([{ channelId, endpoint: '1001', state: 'up', dialled: '' }]);
      });

      it.each<[number, HangUpCause]>([[486, 'busy'], [600, 'busy'], [603, 'rejected'], [480, 'unreachable']])('answered %i by the phone, ends as %s', async (status, cause) => {
        const phone = await stage.registered('1001');
        const channelId = stage.newId('channel');
        must(await stage.originate('1001', { channelId }));
        await (await phone.incoming()).reject(status);
        expect(await stage.ended(channelId)).toBe(cause);
      });

      it('stops ringing when nobody answers in time', async () => {
        const phone = await stage.registered('1001');
        const channelId = stage.newId('channel');
        must(await stage.originate('1001', { channelId, ringTimeoutMs: 300 }));
        const call = await phone.incoming();
        await call.ended();
        expect(await stage.ended(channelId)).toBe('noAnswer');
      });

      it('taken back because another answered, is no missed call to the phone', async () => {
        const phone = await stage.registered('1001');
        const channelId = stage.newId('channel');
        must(await stage.originate('1001', { channelId }));
        const call = await phone.incoming();
        must(await stage.port.hangUp(channelId, 'answeredElsewhere'));
        expect((await call.ended()).reason).toMatch(/cause=200/);
        expect(await stage.ended(channelId)).toBe('answeredElsewhere');
      });

      it('taken back before it was sent, never rings', async () => {
        await stage.registered('1001');
        const channelId = stage.newId('channel');
        const originating = stage.originate('1001', { channelId });
        await stage.port.hangUp(channelId, 'cancelled');
        await originating;
        expect(await stage.ended(channelId)).toBe('cancelled');
      });

      it('ends as unreachable where no phone is registered', async () => {
        const channelId = stage.newId('channel');
        must(await stage.originate('1001', { channelId }));
        expect(await stage.ended(channelId)).toBe('unreachable');
      });

      it('reaches an outside number over the trunk', async () => {
        const phone = await stage.registered('c1');
        const channelId = stage.newId('channel');
        must(await stage.originate('c1', { channelId, destination: { kind: 'trunk', number: '01000000001' } }));
        await (await phone.incoming()).answer();
        expect(must(await stage.port.listChannels())).toMatchObject([{ channelId, endpoint: null }]);
      });

      it('ends as unknownNumber where the trunk knows none', async () => {
        const channelId = stage.newId('channel');
        must(await stage.originate('c1', { channelId, destination: { kind: 'trunk', number: '01099999999' } }));
        expect(await stage.ended(channelId)).toBe('unknownNumber');
      });
    });

    describe('hold', () => {
      it('tells when the phone holds and resumes', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('1001'));
        await call.hold();
        await stage.event('channel.held', (event) => event.channelId === channelId);
        await call.resume();
        await stage.event('channel.resumed', (event) => event.channelId === channelId);
      });

      it('takes inactive for hold, and recvonly not', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('1001'));
        await call.renegotiate('recvonly');
        expect(stage.events.some((event) => event.type === 'channel.held')).toBe(false);
        await call.renegotiate('inactive');
        await stage.event('channel.held', (event) => event.channelId === channelId);
      });

      it('answers a re-INVITE without an offer', async () => {
        const { call } = await stage.connect(await stage.registered('1001'));
        await call.renegotiate('sendrecv', true);
        expect(call.isUp).toBe(true);
      });
    });

    describe('transfer by the phone', () => {
      it('is asked for blind, and its progress told', async () => {
        const { call, channelId } = await stage.connect(await stage.registered('1001'));
        expect(await call.refer('1002')).toBe(202);
        const event = await stage.event('channel.transferRequested');
        expect(event).toMatchObject({ channelId, to: '1002', replaces: null });
        must(await stage.port.transferProgress(event.transferId, 'ringing'));
        must(await stage.port.transferProgress(event.transferId, 'succeeded'));
        // Which provisional status is told is the engine's affair (RFC 3515 §2.4.5): Asterisk knows 100 alone.
        await until('the outcome is told', () => call.transferStatuses.some((status) => status >= 200));
        expect(call.transferStatuses.slice(0, -1).every((status) => status < 200)).toBe(true);
        expect(call.transferStatuses.at(-1)).toBe(200);
        expect(call.isUp).toBe(true);
        expect(await stage.port.transferProgress(event.transferId, 'failed')).toMatchObject({ ok: false });
      });

      it('is asked for attended, naming the channel to be replaced', async () => {
        const phone = await stage.registered('1001');
        const first = await stage.connect(phone);
        const second = await stage.connect(phone);
        expect(await first.call.refer(second.call)).toBe(202);
        const event = await stage.event('channel.transferRequested');
        expect(event).toMatchObject({ channelId: first.channelId, replaces: second.channelId });
      });
    });
  });
}
