import type { VitalInput } from '#contracts/mqtt/messages.ts';
import type { VitalId } from '#domain/vitals.ts';
import { UserError } from '#platform/errors.ts';
import { inUnit, unitOfColumn, vitalColumn } from './columns.ts';
import { parseCsv, parseNumber } from './csv.ts';
import { type Frame, type SmallRecording, type SourceFile, spanOf } from './recording.ts';
import { chooseColumns } from './table.ts';

/**
 * One row a moment, one column a vital, the first column the time in seconds: the BIDMC numerics (`Time [s], HR, …`)
 * and the one-per-minute tables (`time_s,HR [bpm],…`). Both their ways of saying nothing are kept apart: NaN is a
 * sensor without a value (null), an empty cell is nothing measured (no entry), and 0 is 0.
 */
const TIME_HEADING = /^time(?:_s|\s*\[s\])$/i;

export const isNumericsCsv = (header: readonly string[]): boolean =>
  TIME_HEADING.test(header[0] ?? '') && header.slice(1).some((heading) => 'id' in vitalColumn(heading));

export const parseNumericsCsv = ({ path, name, text }: SourceFile): SmallRecording => {
  const cells = parseCsv(text);
  const { columns, mapped, skipped } = chooseColumns(cells, vitalColumn, unitOfColumn);
  const frames = cells.slice(1).map((row, index): Frame => {
    const fault = (what: string, cell: string | undefined) =>
      new UserError(`${path} row ${index + 2}: ${what} is not a number: ${cell ?? 'missing'}`);
    const seconds = parseNumber(row[0] ?? '');
    if (typeof seconds !== 'number') throw fault('the time', row[0]);
    const vitals: Partial<Record<VitalId, VitalInput>> = {};
    for (const { from, id, column, unit } of columns) {
      const cell = row[column] ?? '';
      if (cell === '') continue;
      const value = parseNumber(cell);
      if (value === undefined) throw fault(from, cell);
      vitals[id] = inUnit(value, unit);
    }
    // Files begin at "-0": adding 0 makes it 0.
    return { atMs: Math.round(seconds * 1_000) + 0, vitals };
  });
  return {
    name,
    format: 'numerics CSV',
    mapped,
    skipped,
    span: columns.length > 0 ? spanOf(frames) : undefined,
    frames,
  };
};
