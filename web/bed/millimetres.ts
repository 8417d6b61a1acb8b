import { computed, signal } from '@preact/signals';

/**
 * How long a millimetre is on this screen, and how waves are drawn by it; kept in the browser. Kept in pixels of the
 * screen and not of the page, so that it holds at another zoom.
 */

const KEY = 'wardwatch.millimetre';
const MANNER_KEY = 'wardwatch.paper';

/** 96 pixels an inch, as CSS has it: right for few screens. */
const GUESSED = 96 / 25.4;
const PLAUSIBLE = [1, 40] as const;

export const MM_PER_SECOND = 25;
export const MM_PER_MILLIVOLT = 10;

const recall = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

const keep = (key: string, value: string): void => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Private windows refuse: it then lasts as long as the page.
  }
};

/** What was kept, if it can be a screen. */
export const parseMillimetre = (text: string | null): number | undefined => {
  const value = Number(text ?? Number.NaN);
  return value >= PLAUSIBLE[0] && value <= PLAUSIBLE[1] ? value : undefined;
};

/** Milliseconds over a width at 25 mm/s. */
export const sweepMsOf = (width: number, pixelsPerMm: number): number => (width / pixelsPerMm / MM_PER_SECOND) * 1_000;

/** Millivolts over a height at 10 mm/mV. */
export const millivoltsOf = (height: number, pixelsPerMm: number): number => height / pixelsPerMm / MM_PER_MILLIVOLT;

export type Millimetres = ReturnType<typeof createMillimetres>;

export const createMillimetres = (ratio: () => number = () => devicePixelRatio) => {
  const screen = signal(parseMillimetre(recall(KEY)));
  const isTenMm = signal(recall(MANNER_KEY)?.includes('gain') ?? false);
  const hasGrid = signal(recall(MANNER_KEY)?.includes('grid') ?? false);
  const keepManner = (): void =>
    keep(MANNER_KEY, [isTenMm.peek() ? 'gain' : '', hasGrid.peek() ? 'grid' : ''].join(' '));
  return {
    /** Pixels of the page. */
    pixels: computed(() => (screen.value === undefined ? GUESSED : screen.value / ratio())),
    isCalibrated: computed(() => screen.value !== undefined),
    isTenMm,
    hasGrid,
    calibrate(pixelsPerMm: number): void {
      screen.value = parseMillimetre(String(pixelsPerMm * ratio()));
      keep(KEY, String(screen.value ?? ''));
    },
    toggleGain(): void {
      isTenMm.value = !isTenMm.peek();
      keepManner();
    },
    toggleGrid(): void {
      hasGrid.value = !hasGrid.peek();
      keepManner();
    },
  };
};
