import { formatColumns } from '#platform/columns.ts';
import { UserError } from '#platform/errors.ts';
import { amount } from './amount.ts';
import type { ResultLine, Results } from './results.ts';

/** Two results of one machine, line by line. */

export type Comparison = {
  readonly what: string;
  readonly unit: string;
  readonly before: number;
  readonly now: number;
  /** Now by before. */
  readonly ratio: number;
  readonly judgement: 'better' | 'same' | 'worse' | 'unknown';
};

/** Runs of the same program differ by as much. */
const ALIKE = 0.05;

/** Of what has no budget the unit tells: a time, a size and a share of a core are better when they are less. */
const LESS_IS_BETTER = /^(ms|s|µs|ns|B|KiB|MiB|GiB|%)( |$)/;

const isMoreBetter = ({ budget, unit }: Pick<ResultLine, 'budget' | 'unit'>): boolean =>
  budget ? 'atLeast' in budget : !LESS_IS_BETTER.test(unit);

const judge = (ratio: number, moreIsBetter: boolean): Comparison['judgement'] => {
  if (!Number.isFinite(ratio)) return 'unknown';
  const gain = moreIsBetter ? ratio - 1 : 1 - ratio;
  if (gain > ALIKE) return 'better';
  return gain < -ALIKE ? 'worse' : 'same';
};

/** The lines that both have. */
export const compareLines = (before: readonly ResultLine[], now: readonly ResultLine[]): Comparison[] =>
  now.flatMap((line) => {
    const { what, unit, measured } = line;
    const earlier = before.find((other) => other.what === what && other.unit === unit)?.measured;
    if (earlier === undefined) return [];
    const ratio = earlier === measured ? 1 : measured / earlier;
    return [{ what, unit, before: earlier, now: measured, ratio, judgement: judge(ratio, isMoreBetter(line)) }];
  });

/** Throws a UserError that says why two results are not to be compared. */
export const refuseOther = (
  before: Pick<Results, 'machine' | 'database'>,
  now: Pick<Results, 'machine' | 'database'>,
): void => {
  const facts = ({ machine, database }: typeof before): Record<string, string | number> => ({
    processor: machine.cpu,
    cores: machine.cores,
    'GiB of memory': machine.memoryGiB,
    'kind of database': database.kind,
    'level of the database': database.level,
  });
  const theirs = facts(before);
  const differences = Object.entries(facts(now))
    .filter(([fact, value]) => theirs[fact] !== value)
    .map(([fact, value]) => `${fact}: ${theirs[fact]} then, ${value} now`);
  if (differences.length > 0)
    throw new UserError(`not to be compared, another machine or database: ${differences.join('; ')}`);
};

const MARKS = { better: 'better', same: '', worse: '◀ WORSE', unknown: 'nothing to compare' } as const satisfies Record<
  Comparison['judgement'],
  string
>;

export const formatComparison = (comparisons: readonly Comparison[], names: readonly [string, string]): string =>
  formatColumns([
    ['what', ...names, 'ratio', ''],
    ...comparisons.map(({ what, unit, before, now, ratio, judgement }) => [
      what,
      amount(before, unit),
      amount(now, unit),
      Number.isFinite(ratio) ? ratio.toFixed(2) : '',
      MARKS[judgement],
    ]),
  ]);
