import { findConversion } from '#domain/units.ts';
import { type VitalId, vital } from '#domain/vitals.ts';
import { UserError } from '#platform/errors.ts';
import type { Meaning, Unusable } from '../columns.ts';
import { parseCsv, parseNumber } from '../csv.ts';
import { createMoments } from '../moments.ts';
import type { SmallRecording, SourceFile } from '../recording.ts';
import { MIMIC_ITEMS, MIMIC_UNITS } from './mimic-items.ts';
import { mustBeOneStay } from './one-stay.ts';

/**
 * `chartevents` of MIMIC-IV and `CHARTEVENTS` of MIMIC-III, of one stay: a row a value that a nurse confirmed or charted. Times
 * are of a calendar that was shifted, so only their distances count.
 */
const NEEDED = ['itemid', 'charttime', 'valuenum'] as const;

const namesOf = (header: readonly string[]): string[] => header.map((heading) => heading.toLowerCase());

export const isMimic = (header: readonly string[]): boolean => NEEDED.every((name) => namesOf(header).includes(name));

/** `2150-01-31 08:00:00`, by a clock without a zone. */
const timeOf = (cell: string): number | undefined => {
  if (!/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(cell)) return undefined;
  const ms = Date.parse(`${cell.replace(' ', 'T')}Z`);
  return Number.isNaN(ms) ? undefined : ms;
};

/** The vital of an item, in the unit of the row, or else of the item. */
const meaningOf = (itemId: string, written: string): Meaning<VitalId> | Unusable => {
  const item = MIMIC_ITEMS[itemId];
  if (!item) return { why: 'not an item that is a vital sign of the catalogue' };
  const { id, unit: ofItem } = item;
  const unit = written === '' ? ofItem : (MIMIC_UNITS[written] ?? written);
  if (unit === undefined) return { id };
  if (findConversion(unit, vital(id).unit)) return { id, unit };
  return { why: `in ${unit}, which is not convertible to ${vital(id).unit}` };
};

export const parseMimic = ({ path, name, text }: SourceFile): SmallRecording => {
  const [header = [], ...rows] = parseCsv(text);
  const columns = namesOf(header);
  const cellOf = (row: readonly string[], column: string): string => row[columns.indexOf(column)] ?? '';
  const stay = columns.includes('stay_id') ? 'stay_id' : 'icustay_id';
  if (columns.includes(stay))
    mustBeOneStay(
      path,
      stay,
      rows.map((row) => cellOf(row, stay)),
    );
  else
    mustBeOneStay(
      path,
      'subject_id',
      rows.map((row) => cellOf(row, 'subject_id')),
    );

  const moments = createMoments(name, 'MIMIC chartevents');
  let zeroMs: number | undefined;
  for (const [index, row] of rows.entries()) {
    const time = timeOf(cellOf(row, 'charttime'));
    if (time === undefined)
      throw new UserError(`${path} row ${index + 2}: charttime is no time: ${cellOf(row, 'charttime')}`);
    zeroMs ??= time;
    const itemId = cellOf(row, 'itemid');
    const label = MIMIC_ITEMS[itemId]?.label;
    const from = label === undefined ? itemId : `${itemId} ${label}`;
    const written = cellOf(row, 'valueuom');
    const unit = written || undefined;
    const cell = cellOf(row, 'valuenum');
    const value = cell === '' ? undefined : parseNumber(cell);
    if (value === undefined) moments.leaveOut(from, unit, 'not a number');
    else if (cellOf(row, 'error') === '1') moments.leaveOut(from, unit, 'marked as an error');
    else {
      // A temperature is charted in one unit or the other, by the item that is meant for it.
      const source = MIMIC_ITEMS[itemId]?.id === 'temperature' ? 'temperature' : from;
      moments.add({ from, source, unit, found: meaningOf(itemId, written), value, atMs: time - zeroMs });
    }
  }
  return moments.finish();
};
