import { describe, expect, it } from 'vitest';
import type { DeviceRhythm } from '#contracts/http/device-rhythm.ts';
import { rhythmView } from '../../../../web/admin/device/rhythm-view.ts';

const NOW = 10_000_000;
const WINDOW_MS = 100_000;

/** Arrivals so many seconds ago. */
const rhythm = (agos: readonly number[], more: Partial<DeviceRhythm> = {}): DeviceRhythm => ({
  at: NOW,
  interval: { setMs: null, inForceMs: null, toldMs: null, seenMs: null, proposedMs: null },
  clock: { offsetMs: null, isSteady: false, isProven: false },
  link: { since: null, lostAt: null },
  boot: null,
  seq: null,
  arrivals: agos.map((ago) => NOW - ago * 1_000),
  gaps: [],
  boots: [],
  ...more,
});

describe('the plot of a rhythm', () => {
  it('has a line for each message but the first, at its time and as high as the time before it', () => {
    const { stems, typicalMs, longestMs } = rhythmView(rhythm([50, 49, 47, 46]), WINDOW_MS);
    expect(stems.map(({ x }) => x)).toEqual([0.51, 0.53, 0.54]);
    const [one, two, again] = stems.map(({ y }) => y);
    expect(two).toBeCloseTo((one ?? 0) * Math.SQRT2);
    expect(again).toBe(one);
    expect([typicalMs, longestMs]).toEqual([1_000, 2_000]);
  });

  it('measures the first message inside of the stretch from the last one before it', () => {
    expect(rhythmView(rhythm([101, 99]), WINDOW_MS).longestMs).toBe(2_000);
  });

  it('has the time since the newest message, which grows until the next', () => {
    const heights = [1, 5, 30].map((ago) => rhythmView(rhythm([40, ago]), WINDOW_MS).open?.y ?? 0);
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    expect(heights[2]).toBeGreaterThan(rhythmView(rhythm([40, 30]), WINDOW_MS).silentY);
  });

  it('has what is missing and new beginnings, inside of the stretch alone', () => {
    const ago = (seconds: number): number => NOW - seconds * 1_000;
    const gaps = [
      { at: ago(200), missing: 9 },
      { at: ago(25), missing: 3 },
      { at: ago(75), missing: 1 },
    ];
    const view = rhythmView(rhythm([80, 75, 50, 25], { gaps, boots: [ago(500), ago(50)] }), WINDOW_MS);
    expect(view).toMatchObject({ gaps: [0.75, 0.25], missing: 4, boots: [0.5] });
  });

  it('tells when silence is noticed, by the interval in force', () => {
    const interval = { setMs: 60_000, inForceMs: 60_000, toldMs: null, seenMs: null, proposedMs: null };
    expect(rhythmView(rhythm([1]), WINDOW_MS)).toMatchObject({ expectedMs: 5_000, silentMs: 15_000 });
    expect(rhythmView(rhythm([1], { interval }), WINDOW_MS)).toMatchObject({ expectedMs: 60_000, silentMs: 150_000 });
  });

  it('is empty for a device that was not heard, and stays inside of its frame', () => {
    expect(rhythmView(rhythm([]), WINDOW_MS)).toMatchObject({ stems: [], open: undefined, typicalMs: undefined });
    const { stems, expectedY, silentY } = rhythmView(rhythm([90, 10, 0]), WINDOW_MS);
    for (const share of [...stems.flatMap(({ x, y }) => [x, y]), expectedY, silentY]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
  });
});
