import { describe, expect, it, vi } from 'vitest';
import { createWakeLock } from '../../../web/shell/wake-lock.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const setUp = ({ refuses = 0 } = {}) => {
  const listeners: (() => void)[] = [];
  const locks: EventTarget[] = [];
  let refusals = refuses;
  const clock = createFakeClock();
  const page = {
    visibilityState: 'visible' as DocumentVisibilityState,
    addEventListener: (_type: string, listener: () => void) => listeners.push(listener),
  };
  const request = async (): Promise<WakeLockSentinel> => {
    if (refusals > 0) {
      refusals -= 1;
      throw new DOMException('no', 'NotAllowedError');
    }
    const lock = new EventTarget();
    locks.push(lock);
    return lock as WakeLockSentinel;
  };
  const wakeLock = createWakeLock({ page: page as unknown as Document, browser: { wakeLock: { request } }, clock });
  const turnVisible = (state: DocumentVisibilityState) => {
    page.visibilityState = state;
    for (const listener of listeners) listener();
  };
  return { wakeLock, clock, locks, page, turnVisible };
};

describe('the wake lock', () => {
  it('is held, and taken again after the page was hidden', async () => {
    const { wakeLock, locks, page, turnVisible } = setUp();
    wakeLock.start();
    await vi.waitFor(() => expect(wakeLock.isHeld.value).toBe(true));
    page.visibilityState = 'hidden';
    locks[0]?.dispatchEvent(new Event('release'));
    expect(wakeLock.isHeld.value).toBe(false);
    turnVisible('visible');
    await vi.waitFor(() => expect(wakeLock.isHeld.value).toBe(true));
    expect(locks).toHaveLength(2);
  });

  it('is taken again at once when the browser took it from a page that is seen', async () => {
    const { wakeLock, locks } = setUp();
    wakeLock.start();
    await vi.waitFor(() => expect(locks).toHaveLength(1));
    locks[0]?.dispatchEvent(new Event('release'));
    await vi.waitFor(() => expect(wakeLock.isHeld.value).toBe(true));
    expect(locks).toHaveLength(2);
  });

  it('is asked for again a minute after it was refused', async () => {
    const { wakeLock, clock, locks } = setUp({ refuses: 1 });
    wakeLock.start();
    await vi.waitFor(() => expect(clock.pending()).toBe(1));
    clock.advance(59_000);
    expect(locks).toHaveLength(0);
    clock.advance(1_000);
    await vi.waitFor(() => expect(wakeLock.isHeld.value).toBe(true));
  });

  it('is never claimed where the browser has none', async () => {
    const page = { visibilityState: 'visible', addEventListener: () => {} } as unknown as Document;
    const wakeLock = createWakeLock({ page, browser: {}, clock: createFakeClock() });
    wakeLock.start();
    await Promise.resolve();
    expect(wakeLock.isHeld.value).toBe(false);
  });
});
