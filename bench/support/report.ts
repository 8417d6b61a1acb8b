import { type Line, verdict } from './row.ts';

/** Rows of text under their headings. */
export const formatTable = (lines: readonly Line[]): string => {
  const cells = [
    ['what', 'budget', 'measured', 'ratio', '', 'how'],
    ...lines.map((line) => [
      line.what,
      budgetOf(line),
      amount(line.measured, line.unit),
      ratioOf(line),
      verdict(line),
      line.note ?? '',
    ]),
  ];
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

const amount = (value: number, unit: string): string => {
  if (!Number.isFinite(value)) return 'nothing';
  const digits = value >= 1_000 ? 0 : value >= 100 ? 1 : 3;
  const text = value >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toFixed(digits)));
  return unit ? `${text} ${unit}` : text;
};

const budgetOf = ({ budget, unit }: Line): string => {
  if (!budget) return '';
  return 'atLeast' in budget ? `≥ ${amount(budget.atLeast, unit)}` : `≤ ${amount(budget.atMost, unit)}`;
};

/** Measured by budget: above 1 is good for what must be at least so much, below 1 for what must be at most. */
export const ratio = ({ budget, measured }: Line): number | undefined =>
  budget && measured / ('atLeast' in budget ? budget.atLeast : budget.atMost);

const ratioOf = (line: Line): string => ratio(line)?.toFixed(2) ?? '';
