import { signal } from '@preact/signals';

/** The part of the page and its browser that is used. */
type Page = Pick<Document, 'visibilityState' | 'addEventListener'>;
type Browser = { readonly wakeLock?: Pick<WakeLock, 'request'> };

/** A browser that refused may do it later: battery saving ends, a certificate comes. */
const ASK_AGAIN_AFTER_MS = 60_000;

/**
 * Keeps the screen from going dark. The browser takes the lock away whenever the page is hidden, and may at any time;
 * `isHeld` is what is true.
 */
export const createWakeLock = ({ page, browser }: { page: Page; browser: Browser }) => {
  const isHeld = signal(false);
  let retry: ReturnType<typeof setTimeout> | undefined;

  const ask = async (): Promise<void> => {
    clearTimeout(retry);
    if (isHeld.peek() || page.visibilityState !== 'visible' || !browser.wakeLock) return;
    try {
      const lock = await browser.wakeLock.request('screen');
      isHeld.value = true;
      lock.addEventListener('release', () => {
        isHeld.value = false;
        void ask();
      });
    } catch {
      retry = setTimeout(ask, ASK_AGAIN_AFTER_MS);
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
