/** Cells of a comma-separated text, trimmed; quoted cells as in RFC 4180. Empty lines are left out. */
export const parseCsv = (text: string): string[][] =>
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(splitLine);

const splitLine = (line: string): string[] => {
  // The common case, a hundred thousand times a file.
  if (!line.includes('"')) return line.split(',').map((cell) => cell.trim());
  const cells = line.match(/("(?:[^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  if (!line.endsWith(',')) cells.pop();
  return cells.map((cell) =>
    cell
      .replace(/,$/, '')
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .replaceAll('""', '"'),
  );
};

/** A cell as a number; `null` for NaN, undefined for anything that is no number. */
export const parseNumber = (cell: string): number | null | undefined => {
  if (/^[+-]?nan$/i.test(cell)) return null;
  const value = cell === '' ? Number.NaN : Number(cell);
  return Number.isFinite(value) ? value : undefined;
};
