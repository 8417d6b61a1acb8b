/** Rows of text under their headings, each column as wide as its widest cell. */
export const formatColumns = (cells: readonly (readonly string[])[]): string => {
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

export const amount = (value: number, unit: string): string => {
  if (!Number.isFinite(value)) return 'nothing';
  const digits = value >= 1_000 ? 0 : value >= 100 ? 1 : 3;
  const text = value >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toFixed(digits)));
  return unit ? `${text} ${unit}` : text;
};
