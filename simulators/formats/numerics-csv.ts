import type { VitalInput } from '#contracts/mqtt/messages.ts';
import type { VitalId } from '#domain/vitals.ts';
import { UserError } from '#platform/errors.ts';
import { inUnit, vitalColumn } from './columns.ts';
import { parseCsv, parseNumber } from './csv.ts';
import type { Frame, Mapping, Recording, Skipped, SourceFile } from './recording.ts';

/**
 * One row a moment, one column a vital, the first column the time in seconds: the BIDMC numerics (`Time [s], HR, …`)
 * and the one-per-minute tables (`time_s,HR [bpm],…`). Both their ways of saying nothing are kept apart: NaN is a
 * sensor without a value (null), an empty cell is nothing measured (no entry), and 0 is 0.
 */
const TIME_HEADING = /^time(?:_s|\s*\[s\])$/i;

export const isNumericsCsv = (header: readonly string[]): boolean =>
  TIME_HEADING.test(header[0] ?? '') && header.slice(1).some((heading) => 'id' in vitalColumn(heading));

export const parseNumericsCsv = ({ path, name, text }: SourceFile): Recording => {
  const [header = [], ...rows] = parseCsv(text);
  const mapped: (Mapping & { readonly to: VitalId; readonly column: number; readonly unit: string | undefined })[] = [];
  const skipped: Skipped[] = [];
  for (const [column, heading] of header.entries()) {
    if (column === 0) continue;
    const found = vitalColumn(heading);
    if ('id' in found) mapped.push({ from: heading, to: found.id, column, unit: found.unit });
    else skipped.push({ from: heading, why: found.why });
  }

  const frames = rows.map((cells, index): Frame => {
    const fault = (what: string, cell: string | undefined) =>
      new UserError(`${path} row ${index + 2}: ${what} is not a number: ${cell ?? 'missing'}`);
    const seconds = parseNumber(cells[0] ?? '');
    if (typeof seconds !== 'number') throw fault('the time', cells[0]);
    const vitals: Partial<Record<VitalId, VitalInput>> = {};
    for (const { from, to, column, unit } of mapped) {
      const cell = cells[column] ?? '';
      if (cell === '') continue;
      const value = parseNumber(cell);
      if (value === undefined) throw fault(from, cell);
      vitals[to] = inUnit(value, unit);
    }
    // Files begin at "-0": adding 0 makes it 0.
    return { atMs: Math.round(seconds * 1_000) + 0, vitals };
  });
  return { name, format: 'numerics CSV', mapped: mapped.map(({ from, to }) => ({ from, to })), skipped, frames };
};
