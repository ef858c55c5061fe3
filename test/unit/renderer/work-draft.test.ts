import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
  const center = { answer: done() as Result<null>, saved: [] as string[], asked: 0, told: [] as ErrorCode[] };
  const app = createApp({});
  const call = (_name: string, request: unknown): Promise<Result<unknown>> => {
    center.asked += 1;
    if (center.answer.ok) center.saved.push((request as { memo: string }).memo);
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

  it('is not tried any more when its panel is gone', async () => {
    const { center, draft } = panel();
    center.answer = fail('store.unavailable', '');
    draft.memo.value = '메모';
    await nextTick();
    await vi.advanceTimersByTimeAsync(1000);
    scope.stop();
    const { asked } = center;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(center.asked).toBe(asked);
  });
});
