import { formatColumns } from '#platform/columns.ts';
import { amount } from './amount.ts';
import { type Line, verdict } from './row.ts';

export const formatTable = (lines: readonly Line[]): string =>
  formatColumns([
    ['what', 'budget', 'measured', 'ratio', '', 'how'],
    ...lines.map((line) => [
      line.what,
      budgetOf(line),
      amount(line.measured, line.unit),
      ratioOf(line),
      verdict(line),
      howOf(line),
    ]),
  ]);

const howOf = ({ note, limit, unquiet, spread, unit }: Line): string =>
  [
    ...(spread ? [`${amount(spread.lowest, '')} to ${amount(spread.highest, unit)} in ${spread.runs} runs`] : []),
    ...(note ? [note] : []),
    ...(limit ? [`limited by: ${limit}`] : []),
    ...(unquiet ? [`NOT QUIET: ${unquiet}`] : []),
  ].join('; ');

const budgetOf = ({ budget, unit }: Line): string => {
  if (!budget) return '';
  return 'atLeast' in budget ? `≥ ${amount(budget.atLeast, unit)}` : `≤ ${amount(budget.atMost, unit)}`;
};

/** Measured by budget: above 1 is good for what must be at least so much, below 1 for what must be at most. */
export const ratio = ({ budget, measured }: Line): number | undefined =>
  budget && measured / ('atLeast' in budget ? budget.atLeast : budget.atMost);

const ratioOf = (line: Line): string => ratio(line)?.toFixed(2) ?? '';
