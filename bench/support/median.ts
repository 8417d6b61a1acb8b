import type { Line } from './row.ts';

/** Several runs of the same rows as one: the run in the middle, with the lowest and the highest beside it. */

type Measured = Pick<Line, 'what' | 'unit' | 'measured' | 'spread'>;

/** The lower of the two in the middle when their count is even, so that it is one that was measured. */
const medianOf = <Each extends Measured>(lines: readonly Each[]): Each | undefined =>
  [...lines].sort((one, other) => one.measured - other.measured)[Math.floor((lines.length - 1) / 2)];

/** By the first run's order. A line that measured nothing counts in no run; one of a single run has no spread. */
export const medianLines = <Each extends Measured>(lines: readonly Each[]): Each[] => {
  const groups = new Map<string, Each[]>();
  for (const line of lines) {
    const name = `${line.what} ${line.unit}`;
    groups.set(name, [...(groups.get(name) ?? []), line]);
  }
  return [...groups.values()].flatMap((group) => {
    const measured = group.filter((line) => Number.isFinite(line.measured));
    const median = medianOf(measured) ?? group[0];
    if (!median) return [];
    if (measured.length < 2) return [median];
    const values = measured.map((line) => line.measured);
    const spread = { runs: values.length, lowest: Math.min(...values), highest: Math.max(...values) };
    return [{ ...median, spread }];
  });
};
