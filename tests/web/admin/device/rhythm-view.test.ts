import { describe, expect, it } from 'vitest';
import { type DeviceRhythm, RHYTHM_LENGTH } from '#contracts/http/device-rhythm.ts';
import { RHYTHM_WINDOWS, rhythmView } from '../../../../web/admin/device/rhythm-view.ts';

const NOW = 10_000_000;
/** The stretch that single messages are drawn over. */
const WINDOW_S = RHYTHM_WINDOWS.minutes / 1_000;

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
  minutes: [],
  ...more,
});

describe('the plot of a rhythm', () => {
  it('has a line for each message but the first, at its time and as high as the time before it', () => {
    const { stems, typicalMs, longestMs } = rhythmView(rhythm([150, 149, 147, 146]), 'minutes');
    expect(stems.map(({ x }) => Math.round(x * WINDOW_S))).toEqual([151, 153, 154]);
    const [one, two, again] = stems.map(({ y }) => y);
    expect(two).toBeCloseTo((one ?? 0) * Math.SQRT2);
    expect(again).toBe(one);
    expect([typicalMs, longestMs]).toEqual([1_000, 2_000]);
  });

  it('measures the first message inside of the stretch from the last one before it', () => {
    expect(rhythmView(rhythm([301, 299]), 'minutes').longestMs).toBe(2_000);
  });

  it('has the time since the newest message, which grows until the next', () => {
    const heights = [1, 5, 30].map((ago) => rhythmView(rhythm([40, ago]), 'minutes').open?.y ?? 0);
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    expect(heights[2]).toBeGreaterThan(rhythmView(rhythm([40, 30]), 'minutes').silentY);
  });

  it('has what is missing and new beginnings, inside of the stretch alone', () => {
    const ago = (seconds: number): number => NOW - seconds * 1_000;
    const gaps = [
      { at: ago(400), missing: 9 },
      { at: ago(75), missing: 3 },
      { at: ago(225), missing: 1 },
    ];
    const view = rhythmView(rhythm([230, 225, 150, 75], { gaps, boots: [ago(500), ago(150)] }), 'minutes');
    expect(view).toMatchObject({ gaps: [0.75, 0.25], missing: 4, boots: [0.5] });
  });

  it('tells when silence is noticed, by the interval in force', () => {
    const interval = { setMs: 60_000, inForceMs: 60_000, toldMs: null, seenMs: null, proposedMs: null };
    expect(rhythmView(rhythm([1]), 'minutes')).toMatchObject({ expectedMs: 5_000, silentMs: 15_000 });
    expect(rhythmView(rhythm([1], { interval }), 'minutes')).toMatchObject({ expectedMs: 60_000, silentMs: 150_000 });
  });

  it('is empty for a device that was not heard, and stays inside of its frame', () => {
    expect(rhythmView(rhythm([]), 'minutes')).toMatchObject({ stems: [], open: undefined, typicalMs: undefined });
    const { stems, expectedY, silentY } = rhythmView(rhythm([90, 10, 0]), 'minutes');
    for (const share of [...stems.flatMap(({ x, y }) => [x, y]), expectedY, silentY]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
  });

  it('of an hour has a line for each minute, as high as the longest time in it', () => {
    const minute = (ago: number, more: object = {}) => ({
      ...{ at: NOW - ago * 60_000, count: 60, longestMs: 1_000, missing: 0, boots: 0 },
      ...more,
    });
    const minutes = [
      minute(61),
      minute(45.5, { longestMs: 4_000 }),
      minute(30.5, { missing: 2, boots: 1 }),
      minute(0.2),
    ];
    const view = rhythmView(rhythm([2, 1], { minutes }), 'hour');
    expect(view.stems.map(({ x }) => x)).toEqual([0.25, 0.5, 1]);
    expect((view.stems[0]?.y ?? 0) / (view.stems[1]?.y ?? 1)).toBeCloseTo(2);
    expect(view).toMatchObject({ gaps: [0.5], boots: [0.5], missing: 2, count: 180, longestMs: 4_000 });
  });

  it('tells from when on single messages are kept, where they are too many for the stretch', () => {
    const often = Array.from({ length: RHYTHM_LENGTH }, (_, index) => (RHYTHM_LENGTH - index) / 10);
    expect(rhythmView(rhythm(often), 'minutes').keptFromMs).toBe(NOW - 60_000);
    expect(rhythmView(rhythm(often.slice(1)), 'minutes').keptFromMs).toBeUndefined();
    expect(rhythmView(rhythm(often), 'hour').keptFromMs).toBeUndefined();
  });
});
