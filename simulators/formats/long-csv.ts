import type { VitalInput } from '#contracts/mqtt/messages.ts';
import { readTime } from '#domain/measurement-time.ts';
import { QUALITIES, type Quality } from '#domain/quality.ts';
import type { VitalId } from '#domain/vitals.ts';
import { UserError } from '#platform/errors.ts';
import { vitalIn } from './columns.ts';
import { parseCsv, parseNumber } from './csv.ts';
import { createLedger } from './ledger.ts';
import { type Frame, type SmallRecording, type SourceFile, spanOf } from './recording.ts';

/**
 * One row a value: `time,vital,value` and perhaps `unit` and `quality`, in any order of columns, and no other: an unknown one could be
 * the unit. Time is ISO 8601 with a zone,
 * epoch milliseconds, or seconds from the start; a moment in the calendar becomes the distance from the first row.
 * An empty value or NaN is a sensor without a value. `vital` is anything the station understands.
 */
const NEEDED = ['time', 'vital', 'value'] as const;
const KNOWN: readonly string[] = [...NEEDED, 'unit', 'quality'];
/** Larger numbers are epoch milliseconds: as seconds they would be three thousand years. */
const EPOCH_FROM = 1e11;

export const isLongCsv = (header: readonly string[]): boolean => {
  const names = header.map((heading) => heading.toLowerCase());
  return NEEDED.every((name) => names.includes(name));
};

const isQuality = (text: string): text is Quality => QUALITIES.some((quality) => quality === text);

const entryOf = (value: number | null, unit: string | undefined, quality: string): VitalInput =>
  unit === undefined && !isQuality(quality)
    ? value
    : { value, ...(unit === undefined ? {} : { unit }), ...(isQuality(quality) ? { quality } : {}) };

type Moment = { readonly ms: number; readonly inCalendar: boolean };

const parseTime = (cell: string): Moment | undefined => {
  const number = parseNumber(cell);
  if (typeof number === 'number') {
    return number >= EPOCH_FROM ? { ms: number, inCalendar: true } : { ms: number * 1_000, inCalendar: false };
  }
  const ms = readTime(cell);
  return typeof ms === 'number' ? { ms, inCalendar: true } : undefined;
};

export const parseLongCsv = ({ path, name, text }: SourceFile): SmallRecording => {
  const [header = [], ...rows] = parseCsv(text);
  const columns = header.map((heading) => heading.toLowerCase());
  const foreign = header.find((_, column) => !KNOWN.includes(columns[column] ?? ''));
  if (foreign !== undefined) throw new UserError(`${path}: the column ${foreign} is not one of ${KNOWN.join(', ')}`);
  const read = (cells: readonly string[], column: string) => cells[columns.indexOf(column)] ?? '';
  const fault = (row: number, what: string) => new UserError(`${path} row ${row + 2}: ${what}`);

  const ledger = createLedger();
  const moments = new Map<number, Partial<Record<VitalId, VitalInput>>>();
  let zero: Moment | undefined;
  for (const [row, cells] of rows.entries()) {
    const time = parseTime(read(cells, 'time'));
    if (!time) throw fault(row, `the time is not ISO 8601 with a zone, nor a number: ${read(cells, 'time')}`);
    zero ??= time;
    if (time.inCalendar !== zero.inCalendar) throw fault(row, 'some times are dates and some are seconds');
    const key = read(cells, 'vital');
    if (cells.length > header.length) throw fault(row, 'more cells than the header names');
    const unit = read(cells, 'unit') || undefined;
    const found = vitalIn(key, unit);
    const cell = read(cells, 'value');
    const value = cell === '' ? null : parseNumber(cell);
    if ('why' in found) {
      ledger.leaveOut(key, unit, found.why, value === null ? 0 : 1);
      continue;
    }
    const { id } = found;
    ledger.map(key, unit, id, value === null ? 0 : 1);
    if (value === undefined) throw fault(row, `the value is not a number: ${cell}`);
    const quality = read(cells, 'quality').toLowerCase();
    if (quality !== '' && !isQuality(quality)) throw fault(row, `quality is ${QUALITIES.join(', ')}, not ${quality}`);
    const atMs = Math.round(zero.inCalendar ? time.ms - zero.ms : time.ms) + 0;
    moments.set(atMs, { ...moments.get(atMs), [id]: entryOf(value, unit, quality) });
  }

  const frames: Frame[] = [...moments].map(([atMs, vitals]) => ({ atMs, vitals })).sort((a, b) => a.atMs - b.atMs);
  return {
    name,
    format: 'long CSV',
    mapped: ledger.mapped(),
    skipped: ledger.skipped(),
    span: spanOf(frames),
    frames,
  };
};
