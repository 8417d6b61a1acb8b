import { describe, expect, it } from 'vitest';
import type { Trends } from '#contracts/http/trends.ts';
import { columnsOf, gapsOf, rowsIn } from '../../../web/bed/trends/rows.ts';
import { moveBy, type Sight, SPANS, stretchOf, zoomBy, zoomTo } from '../../../web/bed/trends/window.ts';

const T = 1_800_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const point = (time: number, value: number) => ({ time, min: value - 1, avg: value, max: value + 1 });
const trends = (vitals: Trends['vitals'], bucketMs = 1_000): Trends => ({ resolution: 'raw', bucketMs, vitals });

describe('the stretch of time', () => {
  const live: Sight = { span: '1h', stretch: undefined };

  it('follows the present in steps, with the newest always in it', () => {
    for (const ms of [0, 1, 4_000, 9_999]) {
      const { fromMs, toMs } = stretchOf(live, T + ms);
      expect(toMs).toBeGreaterThanOrEqual(T + ms);
      expect(toMs - (T + ms)).toBeLessThan(SPANS['1h'].stepMs);
      expect(toMs - fromMs).toBe(HOUR);
    }
  });

  it('goes back, and comes to follow the present again', () => {
    const back = moveBy(live, -0.5, T);
    expect(stretchOf(back, T).toMs).toBeLessThan(T);
    expect(stretchOf(back, T + HOUR)).toEqual(stretchOf(back, T));
    expect(moveBy(back, 1, T)).toEqual(live);
    expect(moveBy(live, 0.5, T)).toEqual(live);
  });

  it('is never in the future, shorter than a minute or longer than a week', () => {
    const near = zoomTo(live, { fromMs: T - 5_000, toMs: T + 5_000 }, T);
    expect(near.stretch).toEqual({ fromMs: T - MINUTE, toMs: T });
    let wide: Sight = live;
    for (let times = 0; times < 20; times += 1) wide = zoomBy(wide, 0.5, T);
    expect(wide.stretch).toEqual({ fromMs: T - SPANS['7d'].ms, toMs: T });
  });

  it('is looked at more closely at its middle, and at the present when that is followed', () => {
    const past: Sight = { span: '1h', stretch: { fromMs: T - 3 * HOUR, toMs: T - HOUR } };
    expect(zoomBy(past, 2, T).stretch).toEqual({ fromMs: T - 2.5 * HOUR, toMs: T - 1.5 * HOUR });
    expect(zoomBy(live, 2, T).stretch).toEqual({ fromMs: T - HOUR / 2, toMs: T });
  });
});

describe('the rows', () => {
  it('are there for what has a value, a pressure in one', () => {
    const rows = rowsIn(trends({ 'heart-rate': [point(T, 80)], 'nibp-mean': [point(T, 90)], spo2: [] }));
    expect(rows.map(({ key }) => key)).toEqual(['heart-rate', 'nibp']);
  });

  it('have a gap where values are missing, and no line across it', () => {
    const points = [point(T, 80), point(T + 1_000, 81), point(T + 60_000, 82)];
    const columns = columnsOf({ vitals: ['heart-rate'] }, trends({ 'heart-rate': points }));
    expect(columns[0].map((seconds) => seconds * 1_000 - T)).toEqual([0, 1_000, 1_001, 60_000]);
    expect(columns[3]).toEqual([80, 81, null, 82]);
    expect(columns.slice(1, 3).map((column) => column[0])).toEqual([81, 79]);
  });

  it('do not take another vital’s time for a gap', () => {
    const columns = columnsOf(
      { vitals: ['abp-systolic', 'abp-diastolic'] },
      trends({ 'abp-systolic': [point(T, 120)], 'abp-diastolic': [point(T + 500, 70)] }),
    );
    expect(columns[3]).toEqual([120, undefined]);
    expect(columns[6]).toEqual([undefined, 70]);
  });
});

describe('the gap strip', () => {
  const every = (fromMs: number, toMs: number) =>
    Array.from({ length: (toMs - fromMs) / 1_000 }, (_, index) => point(fromMs + index * 1_000, 80));

  it('tells where nothing was measured, and nothing of what is to come', () => {
    const held = trends({ 'heart-rate': [...every(T, T + MINUTE), ...every(T + 3 * MINUTE, T + 4 * MINUTE)] });
    expect(gapsOf(held, { fromMs: T, toMs: T + HOUR }, T + 4 * MINUTE)).toEqual([
      { fromMs: T + MINUTE, toMs: T + 3 * MINUTE },
    ]);
  });

  it('is one gap when there is nothing at all, also when only a cuff was used', () => {
    const stretch = { fromMs: T, toMs: T + HOUR };
    expect(gapsOf(trends({}), stretch, T + 2 * HOUR)).toEqual([stretch]);
    expect(gapsOf(trends({ 'nibp-mean': [point(T + MINUTE, 90)] }), stretch, T + 2 * HOUR)).toEqual([stretch]);
  });
});
