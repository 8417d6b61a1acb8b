import { UserError } from '#platform/errors.ts';
import { nameOfColumn, unitOfColumn, waveColumn } from './columns.ts';
import { parseCsv, parseNumber } from './csv.ts';
import { cutIntoBlocks, type SmallRecording, type SourceFile, spanOf } from './recording.ts';
import { chooseColumns } from './table.ts';

/**
 * One row a sample, one column a waveform, the first column the time in seconds: the BIDMC signals. Columns go by
 * their names, since their order differs from file to file. Where a heading states no unit, as in
 * the BIDMC files, none is sent.
 */
const TIME_HEADING = /^time(?:_s|\s*\[s\])$/i;
/** Names that only a file of waveforms has; `RESP` is also a rate. */
const TELLING = new Set(['i', 'ii', 'iii', 'v', 'avr', 'avl', 'avf', 'pleth', 'abp', 'art']);

export const isSignalsCsv = (header: readonly string[]): boolean =>
  TIME_HEADING.test(header[0] ?? '') &&
  header.slice(1).some((heading) => TELLING.has(nameOfColumn(heading).toLowerCase()));

/** Times are printed with five digits, which blurs them: the rate comes from the whole length. */
const rateOf = (path: string, first: number, last: number, rows: number): number => {
  const rate = (rows - 1) / (last - first);
  if (!(rate > 0) || !Number.isFinite(rate)) throw new UserError(`${path}: the times do not increase`);
  return Math.abs(rate - Math.round(rate)) < 0.005 * rate ? Math.round(rate) : rate;
};

export const parseSignalsCsv = ({ path, name, text }: SourceFile): SmallRecording => {
  const cells = parseCsv(text);
  const [header = [], ...rows] = cells;
  const { columns, mapped, skipped } = chooseColumns(cells, waveColumn, unitOfColumn);

  const numberAt = (row: number, column: number): number | null => {
    const cell = rows[row]?.[column] ?? '';
    const value = cell === '' ? null : parseNumber(cell);
    if (value === undefined) throw new UserError(`${path} row ${row + 2}: ${header[column]} is not a number: ${cell}`);
    return value;
  };
  const first = numberAt(0, 0) ?? 0;
  const rate = rateOf(path, first, numberAt(rows.length - 1, 0) ?? 0, rows.length);
  const signals = columns.map(({ id, column, unit }) => ({
    id,
    ...(unit === undefined ? {} : { unit }),
    samples: rows.map((_, row) => numberAt(row, column)),
  }));
  const frames = cutIntoBlocks({ signals, rate, startMs: first * 1_000 });
  return { name, format: 'signals CSV', mapped, skipped, span: spanOf(frames), frames };
};
