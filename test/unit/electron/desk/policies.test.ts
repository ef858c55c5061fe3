import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../../../contract/agent-state.ts';
import { defaultDesktopSettings } from '../../../../contract/bridge/index.ts';
import { parseLaunch } from '../../../../electron/main/desk/launch.ts';
import { actionOf, shortcutPlan } from '../../../../electron/main/desk/shortcut-plan.ts';
import { mayGetCalls, reactTo } from '../../../../electron/main/desk/system-policy.ts';
import { CHECK_EVERY_MS, nextCheckMs, updateMove } from '../../../../electron/main/desk/update-policy.ts';
import { contactOf, viewOf } from './support.ts';

const contactId = 'k1' as never;
const ready: AgentState = { name: 'READY' };
const away: AgentState = { name: 'NOT_READY', reason: 'meal' };
const talking: AgentState = { name: 'TALKING', contactId, resume: ready, pending: null };

describe('suspend, resume, lock', () => {
  it.each([
    ['suspend', ready, ['away']],
    ['suspend', talking, ['away']],
    ['suspend', away, []],
    ['suspend', null, []],
    ['shutdown', ready, ['away']],
    ['lock', ready, ['away']],
    ['resume', ready, ['reconnect']],
    ['resume', null, ['reconnect']],
    ['unlock', away, []],
  ] as const)('%s while %j: %j', (event, state, reactions) => {
    expect(reactTo(event, state, { awayOnLock: true })).toEqual(reactions);
  });

  it('locking changes nothing where the setting says so', () => {
    expect(reactTo('lock', ready, { awayOnLock: false })).toEqual([]);
    expect(reactTo('suspend', ready, { awayOnLock: false })).toEqual(['away']);
  });

  it("a person's own choice for afterwards stays", () => {
    expect(mayGetCalls({ ...talking, pending: { kind: 'away', reason: 'break' } })).toBe(false);
    expect(mayGetCalls({ ...talking, pending: { kind: 'ready' } })).toBe(true);
  });
});

describe('the command line', () => {
  it.each([
    [['--hidden'], { link: null, hidden: true, kiosk: false }],
    [['--kiosk', '--no-sandbox', '/opt/sangdam'], { link: null, hidden: false, kiosk: true }],
    [['--allow-file-access-from-files', 'tel:01012345678'], { link: 'tel:01012345678', hidden: false, kiosk: false }],
    [[], { link: null, hidden: false, kiosk: false }],
  ])('%j', (argv, launch) => {
    expect(parseLaunch(argv)).toEqual(launch);
  });

  it('failure: a link takes no switch with it', () => {
    expect(parseLaunch(['sangdam://join?server=https://a', '--kiosk', '--hidden'])).toEqual({ link: 'sangdam://join?server=https://a', hidden: false, kiosk: false });
  });
});

describe('system-wide keys', () => {
  const none = defaultDesktopSettings;
  const chosen = { ...none, shortcuts: { ...none.shortcuts, answer: 'Control+Alt+A', hangUp: 'Control+Alt+H', mute: 'Control+Alt+A' } };
  const ringing = viewOf({ contacts: [contactOf('ringing')] });
  const inCall = viewOf({ contacts: [contactOf('talking')] });

  it('none is taken until somebody chooses it; of two alike the first counts', () => {
    expect(shortcutPlan(none, inCall)).toEqual([]);
    expect(shortcutPlan(chosen, viewOf())).toEqual([{ keys: 'Control+Alt+A', action: 'answer' }, { keys: 'Control+Alt+H', action: 'hangUp' }]);
  });

  it('media keys are taken while a call is there, and given back', () => {
    const settings = { ...none, mediaKeys: true };
    expect(shortcutPlan(settings, viewOf())).toEqual([]);
    expect(shortcutPlan(settings, ringing).map(({ keys }) => keys)).toEqual(['MediaPlayPause', 'MediaStop']);
    expect(shortcutPlan(settings, viewOf({ contacts: [contactOf('afterCall')] }))).toEqual([]);
  });

  it.each([
    ['answer', ringing, { do: 'answer', contactId: 'k1' }],
    ['answer', inCall, null],
    ['hangUp', inCall, { do: 'hangUp', contactId: 'k1' }],
    ['hangUp', ringing, null],
    ['mute', inCall, { do: 'setMuted', contactId: 'k1', muted: true }],
    ['mute', viewOf({ contacts: [contactOf('held')] }), null],
    ['mediaPlay', ringing, { do: 'answer', contactId: 'k1' }],
    ['mediaPlay', inCall, { do: 'setMuted', contactId: 'k1', muted: true }],
    ['mediaPlay', viewOf(), null],
    ['mediaStop', inCall, { do: 'hangUp', contactId: 'k1' }],
    ['show', viewOf(), { do: 'show' }],
    ['dialClipboard', viewOf(), { do: 'dialClipboard' }],
  ] as const)('%s does what applies now', (action, view, done) => {
    expect(actionOf({ keys: 'Control+Alt+X', action } as never, view)).toEqual(done);
  });

  it('the call that is talked in is meant, not the one on hold', () => {
    const view = viewOf({ contacts: [contactOf('held'), contactOf('talking', {}, 'k2')] });
    expect(actionOf({ keys: 'F13', action: 'hangUp' }, view)).toEqual({ do: 'hangUp', contactId: 'k2' });
  });
});

describe('updates', () => {
  const moment = { url: 'https://updates.example.com/desktop', packaged: true, busy: false, downloaded: false };

  it('are looked for when idle, never during a call, and not where IT rolls out by other means', () => {
    expect(updateMove(moment)).toBe('check');
    expect(updateMove({ ...moment, busy: true })).toBe('wait');
    expect(updateMove({ ...moment, url: null })).toBe('off');
    expect(updateMove({ ...moment, packaged: false })).toBe('off');
    expect(updateMove({ ...moment, downloaded: true })).toBe('off');
  });

  it('desks do not come all at once', () => {
    expect(nextCheckMs(() => 0)).toBe(CHECK_EVERY_MS / 2);
    expect(nextCheckMs(() => 0.999)).toBeLessThan(CHECK_EVERY_MS);
  });
});
