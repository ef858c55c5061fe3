import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPinia } from 'pinia';
import { createApp, effectScope, nextTick, ref, type EffectScope, type Ref } from 'vue';
import { bridgeFacade } from '../../../contract/bridge/index.ts';
import type { ContactView } from '../../../contract/contact.ts';
import { done, fail, type ErrorCode, type Result } from '../../../contract/errors.ts';
import { provideBridge } from '../../../renderer/app/bridge.ts';
import { useWorkDraft, type WorkDraft } from '../../../renderer/features/desk/use-work-draft.ts';

let scope: EffectScope;
beforeEach(() => {
  vi.useFakeTimers();
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

/** The panel of one contact, over a center that answers as it is told. */
function panel() {
  const center = { answer: done() as Result<null>, saved: [] as string[], bases: [] as string[], asked: 0, told: [] as ErrorCode[] };
  const app = createApp({});
  app.use(createPinia());
  const call = (_name: string, request: unknown): Promise<Result<unknown>> => {
    center.asked += 1;
    const { memo, base } = request as { memo: string; base: string };
    if (center.answer.ok) {
      center.saved.push(memo);
      center.bases.push(base);
    }
    return Promise.resolve(center.answer);
  };
  provideBridge(app, bridgeFacade(call, () => () => {}));
  const contact = ref({ contactId: 'k1', memo: '', dispositionId: null }) as Ref<unknown> as Ref<ContactView | null>;
  const run: Parameters<typeof useWorkDraft>[1] = async (answer, { quiet } = { quiet: [] }) => {
    const result = await answer;
    if (!result.ok && !quiet.includes(result.error.code)) center.told.push(result.error.code);
    return result;
  };
  const draft: WorkDraft | undefined = app.runWithContext(() => scope.run(() => useWorkDraft(contact, run)));
  if (draft === undefined) throw new Error('the scope is over');
  return { center, contact, draft };
}

describe('a memo', () => {
  it('that could not be saved stays, is said so once, and is saved by itself as soon as that is possible', async () => {
    const { center, draft } = panel();
    center.answer = fail('store.unavailable', '');
    draft.memo.value = '배송지 변경';
    await nextTick();
    await vi.advanceTimersByTimeAsync(30_000);
    expect([draft.memo.value, draft.state.value]).toEqual(['배송지 변경', 'unsaved']);
    expect(center.asked).toBeGreaterThan(3);
    expect(center.told).toEqual(['store.unavailable']);
    center.answer = done();
    await vi.advanceTimersByTimeAsync(5000);
    expect([center.saved, draft.state.value]).toEqual([['배송지 변경'], 'saved']);
    const { asked } = center;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(center.asked).toBe(asked);
  });

  it('of a call that is over for the center is not tried for ever', async () => {
    const { center, draft } = panel();
    center.answer = fail('contact.not-found', '');
    draft.memo.value = '늦은 메모';
    await nextTick();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(center.asked).toBe(1);
  });

  it('is saved at once when its panel goes, and tried on by itself', async () => {
    const { center, draft } = panel();
    draft.memo.value = '메모';
    scope.stop();
    await nextTick();
    expect(center.saved).toEqual(['메모']);
  });

  it('that could not be saved as its panel went is tried until it is', async () => {
    const { center, draft } = panel();
    center.answer = fail('center.unreachable', '');
    draft.memo.value = '메모';
    await nextTick();
    scope.stop();
    await vi.advanceTimersByTimeAsync(12_000);
    center.answer = done();
    await vi.advanceTimersByTimeAsync(5000);
    expect(center.saved).toEqual(['메모']);
  });

  it('is saved when the call leaves the desk while it is typed, as after-call time that runs out', async () => {
    const { center, contact, draft } = panel();
    draft.memo.value = '끝까지';
    contact.value = null;
    await nextTick();
    expect(center.saved).toEqual(['끝까지']);
  });

  it('is saved while somebody types without a pause', async () => {
    const { center, draft } = panel();
    for (let i = 1; i <= 20; i++) {
      draft.memo.value = 'x'.repeat(i);
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(center.saved.length).toBeGreaterThan(0);
  });

  it('tells what the center had when it was begun, so that what others write meanwhile stays', async () => {
    const { center, contact, draft } = panel();
    draft.memo.value = '내 메모';
    contact.value = { contactId: 'k1', memo: '동료 메모', dispositionId: null } as unknown as ContactView;
    await vi.advanceTimersByTimeAsync(1000);
    draft.memo.value = '내 메모 계속';
    await vi.advanceTimersByTimeAsync(1000);
    expect(center.bases).toEqual(['', '내 메모']);
  });
});
