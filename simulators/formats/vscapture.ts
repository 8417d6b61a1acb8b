import { z } from 'zod';
import { findVital, type VitalId } from '#domain/vitals.ts';
import { UserError } from '#platform/errors.ts';
import type { Meaning, Unusable } from './columns.ts';
import { parseCsv, parseNumber } from './csv.ts';
import { createMoments } from './moments.ts';
import type { SmallRecording, SourceFile } from './recording.ts';

/**
 * What the program VSCapture writes of a Philips monitor: `MPDataExport.csv`, either a column a vital or a row a value, and
 * `DataExportVSC.json`, arrays one after another. It writes no units: what a monitor may be set to in two is left out, or is
 * refused by the station where it cannot be meant.
 * @see https://github.com/xeonfusion/VSCaptureMP
 */

/** Philips' terms that have another name in the standard. */
const TERMS: Readonly<Record<string, VitalId>> = {
  NOM_ECG_CARD_BEAT_RATE: 'heart-rate',
  NOM_PLETH_PULS_RATE: 'pulse-rate',
  NOM_PRESS_BLD_NONINV_PULS_RATE: 'pulse-rate',
  NOM_PULS_OXIM_PERF_REL: 'perfusion-index',
  NOM_TEMP_VESICAL: 'bladder-temperature',
  NOM_VENT_CONC_AWAY_O2_INSP: 'fio2-set',
  NOM_AWAY_CO2_ET: 'etco2',
};

const TICKS_PER_MS = 8;
const HEADINGS = ['Time', 'RelativeTime', 'SystemLocalTime'] as const;
const CALENDAR = /^\d\d-\d\d-\d{4} \d\d:\d\d:\d\d/;

const meaningOf = (term: string): Meaning<VitalId> | Unusable => {
  const id = TERMS[term] ?? (term.startsWith('NOM_') ? findVital(`MDC_${term.slice(4)}`) : undefined);
  if (id === undefined) return { why: 'not a vital sign of the catalogue' };
  return id.startsWith('st-') ? { why: 'no unit is written, and a monitor counts it in mm or in mV' } : { id };
};

export const isVscaptureCsv = (cells: readonly string[]): boolean =>
  HEADINGS.every((heading, place) => cells[place] === heading) ||
  (cells.length === 5 &&
    CALENDAR.test(cells[0] ?? '') &&
    CALENDAR.test(cells[2] ?? '') &&
    /^NOM_|^\d+$/.test(cells[3] ?? ''));

/** A `-` says that there is no value now. */
const readValue = (cell: string): number | null | undefined => (cell === '-' ? null : parseNumber(cell));

const Entry = z.object({ Relativetimestamp: z.string(), PhysioID: z.string(), Value: z.string() });
type Entry = z.infer<typeof Entry>;

/** Where the clock of the monitor, of 32 bits, begins anew. */
const WRAP = 2 ** 32;

const gather = (
  path: string,
  name: string,
  format: string,
  entries: Iterable<Entry>,
  foreign: number,
): SmallRecording => {
  const moments = createMoments(name, format);
  let zero: number | undefined;
  let before = 0;
  let turns = 0;
  for (const { Relativetimestamp, PhysioID, Value } of entries) {
    const ticks = Number(Relativetimestamp);
    if (!/^\d+$/.test(Relativetimestamp))
      throw new UserError(`${path}: RelativeTime is no number: ${Relativetimestamp}`);
    if (ticks < before - WRAP / 2) turns += 1;
    before = ticks;
    zero ??= ticks;
    const value = readValue(Value);
    if (value === undefined) moments.leaveOut(PhysioID, undefined, 'not a number');
    else {
      const atMs = (ticks + turns * WRAP - zero) / TICKS_PER_MS;
      moments.add({ from: PhysioID, unit: undefined, found: meaningOf(PhysioID), value, atMs });
    }
  }
  for (let row = 0; row < foreign; row += 1) {
    moments.leaveOut('(a row)', undefined, 'it has more or fewer cells than the header: which is which is not told');
  }
  return moments.finish();
};

export const parseVscaptureCsv = ({ path, name, text }: SourceFile): SmallRecording => {
  const [first = [], ...others] = parseCsv(text);
  if (first[0] !== HEADINGS[0]) {
    const entries = [first, ...others].map(([, Relativetimestamp = '', , PhysioID = '', Value = '']) => ({
      Relativetimestamp,
      PhysioID,
      Value,
    }));
    return gather(path, name, 'VSCapture rows', entries, 0);
  }
  // The header is that of the first second: later ones may have more values, and do not say of what.
  const whole = others.filter((row) => row.length === first.length);
  const entries = whole.flatMap((row) =>
    row.slice(HEADINGS.length).map((Value, place) => ({
      Relativetimestamp: row[1] ?? '',
      PhysioID: first[HEADINGS.length + place] ?? '',
      Value,
    })),
  );
  return gather(path, name, 'VSCapture CSV', entries, others.length - whole.length);
};

export const isVscaptureJson = (head: string): boolean =>
  /^\uFEFF?\s*\[\s*\{\s*"Timestamp"/.test(head) && head.includes('"PhysioID"');

export const parseVscaptureJson = ({ path, name, text }: SourceFile): SmallRecording => {
  // Each second is an array of its own, written behind the one before.
  const joined = `[${text
    .replaceAll('\uFEFF', '')
    .trim()
    .replaceAll(/\]\s*\[/g, '],[')}]`;
  let arrays: unknown;
  try {
    arrays = JSON.parse(joined);
  } catch (cause) {
    throw new UserError(`${path} is no whole JSON: its end may be missing`, { cause });
  }
  const read = z.array(z.array(Entry)).safeParse(arrays);
  if (!read.success)
    throw new UserError(`${path} is not as VSCapture writes it: ${read.error.issues[0]?.message ?? ''}`);
  return gather(path, name, 'VSCapture JSON', read.data.flat(), 0);
};
