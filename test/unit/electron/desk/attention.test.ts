import { describe, expect, it } from 'vitest';
import { attentionOf } from '../../../../electron/main/desk/attention.ts';
import { contactOf, desktopView, viewOf } from './support.ts';

describe('attention', () => {
  it('a ring is counted, flashes and is told with who calls, for whom and since when', () => {
    expect(attentionOf(viewOf({ contacts: [contactOf('ringing')] }), false, 'en')).toEqual({
      badge: 1,
      flash: true,
      awake: 'machine',
      notification: { contactId: 'k1', title: '고객 0001 · 010-0000-0001', body: '주문 · waited 0:41 · 주문', answer: 'Answer', reject: 'Reject' },
    });
  });

  it.each([['', 'Unknown caller'], ['anonymous', 'Number withheld'], ['Restricted', 'Number withheld']])('a caller whose number is %o is told in words: %s', (number, words) => {
    expect(attentionOf(viewOf({ contacts: [contactOf('ringing', { number, customerName: '' })] }), false, 'en').notification?.title).toBe(words);
  });

  it('a desk that is looked at needs no flash and no notification', () => {
    expect(attentionOf(viewOf({ contacts: [contactOf('ringing')] }), true, 'ko')).toEqual({ badge: 1, flash: false, awake: 'machine', notification: null });
  });

  it('notifications are a setting', () => {
    expect(attentionOf(viewOf({ contacts: [contactOf('ringing')], settings: { notifications: false } }), false, 'en')).toMatchObject({ flash: true, notification: null });
  });

  it('the machine stays awake during a call, and no longer', () => {
    expect(attentionOf(viewOf({ contacts: [contactOf('held')] }), false, 'en')).toMatchObject({ badge: 0, flash: false, awake: 'machine' });
    expect(attentionOf(viewOf({ contacts: [contactOf('afterCall')] }), false, 'en')).toMatchObject({ awake: 'nothing' });
    expect(attentionOf(viewOf(), false, 'en')).toEqual({ badge: 0, flash: false, awake: 'nothing', notification: null });
  });

  it('a wallboard on the whole screen keeps the display awake', () => {
    expect(attentionOf(viewOf({ desktop: desktopView({ wallboard: { displayId: 1, fullScreen: true } }) }), false, 'en').awake).toBe('display');
    expect(attentionOf(viewOf({ desktop: desktopView({ wallboard: { displayId: 1, fullScreen: false } }) }), false, 'en').awake).toBe('nothing');
  });

  it('failure: a hostile display name has no line breaks and no reordering marks', () => {
    const { notification } = attentionOf(viewOf({ contacts: [contactOf('ringing', { customerName: `A\r\nB\u202eC${'x'.repeat(500)}`, groupId: null, queuedAt: null, flowPath: [] })] }), false, 'en');
    expect(notification?.title).toMatch(/^A B Cx+ · 010-0000-0001$/);
    expect(notification?.title.length).toBeLessThan(100);
    expect(notification?.body).toBe('for you');
  });
});
