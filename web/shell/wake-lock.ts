import { signal } from '@preact/signals';
import type { Cancel, PageClock } from './clock.ts';

/** The part of the page and its browser that is used. */
type Page = Pick<Document, 'visibilityState' | 'addEventListener'>;
type Browser = { readonly wakeLock?: Pick<WakeLock, 'request'> };

type Deps = { readonly page: Page; readonly browser: Browser; readonly clock: Pick<PageClock, 'after'> };

/** A browser that refused may do it later: battery saving ends, a certificate comes. */
const ASK_AGAIN_AFTER_MS = 60_000;

/**
 * Keeps the screen from going dark. The browser takes the lock away whenever the page is hidden, and may at any time;
 * `isHeld` is what is true.
 */
export const createWakeLock = ({ page, browser, clock }: Deps) => {
  const isHeld = signal(false);
  let cancelRetry: Cancel | undefined;

  const ask = async (): Promise<void> => {
    cancelRetry?.();
    if (isHeld.peek() || page.visibilityState !== 'visible' || !browser.wakeLock) return;
    try {
      const lock = await browser.wakeLock.request('screen');
      isHeld.value = true;
      lock.addEventListener('release', () => {
        isHeld.value = false;
        void ask();
      });
    } catch {
      cancelRetry = clock.after(ASK_AGAIN_AFTER_MS, () => void ask());
    }
  };

  return {
    isHeld,
    start(): void {
      page.addEventListener('visibilitychange', () => void ask());
      void ask();
    },
  };
};
