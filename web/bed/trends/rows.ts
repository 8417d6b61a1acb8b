import type { TrendPoint, Trends } from '#contracts/http/trends.ts';
import { FRESHNESS } from '#domain/freshness.ts';
import { type VitalId, vital } from '#domain/vitals.ts';
import { type Row, TREND_ROWS } from '../../parts/display.ts';
import type { Stretch } from './window.ts';

/** The rows for which there is something. */
export const rowsIn = ({ vitals }: Trends): readonly Row[] =>
  TREND_ROWS.filter((row) => row.vitals.some((id) => (vitals[id]?.length ?? 0) > 0));

/** Points farther apart than this are not joined: between them is a gap, and never a line across it. */
export const gapAfterMs = (id: VitalId, bucketMs: number): number =>
  Math.max(FRESHNESS[vital(id).measured].staleAfterMs, 2.5 * bucketMs);

/**
 * The data as uPlot takes it: `null` is a gap, and `undefined` a time at which only another vital has a value. Times
 * are in seconds. After the times come, for each vital, highest, lowest and mean.
 */
export type Columns = [number[], ...(number | null | undefined)[][]];

type Cell = TrendPoint | null;

/** The points by their time; `null` stands where a gap begins. */
const withGaps = (points: readonly TrendPoint[], gapMs: number): Map<number, Cell> => {
  const cells = new Map<number, Cell>();
  points.forEach((point, place) => {
    const before = points[place - 1];
    if (before && point.time - before.time > gapMs) cells.set(before.time + 1, null);
    cells.set(point.time, point);
  });
  return cells;
};

export const columnsOf = ({ vitals }: Pick<Row, 'vitals'>, trends: Trends): Columns => {
  const cells = vitals.map((id) => withGaps(trends.vitals[id] ?? [], gapAfterMs(id, trends.bucketMs)));
  const times = [...new Set(cells.flatMap((each) => [...each.keys()]))].sort((a, b) => a - b);
  const column = (held: Map<number, Cell>, part: 'max' | 'min' | 'avg') =>
    times.map((time) => {
      const cell = held.get(time);
      return cell ? cell[part] : cell;
    });
  return [
    times.map((time) => time / 1_000),
    ...cells.flatMap((held) => [column(held, 'max'), column(held, 'min'), column(held, 'avg')]),
  ];
};

/** Stretches in which no vital that is measured all the time has a value. `nowMs`: what is to come is no gap. */
export const gapsOf = (trends: Trends, { fromMs, toMs }: Stretch, nowMs: number): readonly Stretch[] => {
  const continuous = (Object.keys(trends.vitals) as VitalId[]).filter((id) => vital(id).measured === 'continuous');
  const times = [...new Set(continuous.flatMap((id) => (trends.vitals[id] ?? []).map(({ time }) => time)))].sort(
    (a, b) => a - b,
  );
  const gapMs = Math.max(FRESHNESS.continuous.staleAfterMs, 2.5 * trends.bucketMs);
  const end = Math.min(toMs, nowMs);
  const gaps: Stretch[] = [];
  let heardMs = fromMs;
  for (const time of [...times, end]) {
    if (time - heardMs > gapMs) gaps.push({ fromMs: heardMs, toMs: time });
    heardMs = Math.max(heardMs, time + (time === end ? 0 : trends.bucketMs));
  }
  return gaps;
};
