import type { VitalId } from '#domain/vitals.ts';
import { UserError } from '#platform/errors.ts';
import type { Meaning, Unusable } from '../columns.ts';
import { parseCsv, parseNumber } from '../csv.ts';
import { createMoments } from '../moments.ts';
import type { SmallRecording, SourceFile } from '../recording.ts';
import { mustBeOneStay } from './one-stay.ts';

/**
 * `vitalPeriodic` (medians of five minutes of the bedside monitor) and `vitalAperiodic` (what is measured now and then) of the
 * eICU database, of one stay. The units are those of its description; times are minutes from the admission to the unit.
 * @see https://eicu-crd.mit.edu/eicutables/vitalperiodic/
 */
const COLUMNS: Readonly<Record<string, Meaning<VitalId>>> = {
  temperature: { id: 'temperature', unit: 'Cel' },
  sao2: { id: 'spo2', unit: '%' },
  heartrate: { id: 'heart-rate', unit: '/min' },
  respiration: { id: 'respiratory-rate', unit: '/min' },
  cvp: { id: 'cvp', unit: 'mmHg' },
  etco2: { id: 'etco2', unit: 'mmHg' },
  systemicsystolic: { id: 'abp-systolic', unit: 'mmHg' },
  systemicdiastolic: { id: 'abp-diastolic', unit: 'mmHg' },
  systemicmean: { id: 'abp-mean', unit: 'mmHg' },
  pasystolic: { id: 'pap-systolic', unit: 'mmHg' },
  padiastolic: { id: 'pap-diastolic', unit: 'mmHg' },
  pamean: { id: 'pap-mean', unit: 'mmHg' },
  icp: { id: 'icp', unit: 'mmHg' },
  noninvasivesystolic: { id: 'nibp-systolic', unit: 'mmHg' },
  noninvasivediastolic: { id: 'nibp-diastolic', unit: 'mmHg' },
  noninvasivemean: { id: 'nibp-mean', unit: 'mmHg' },
};

const REASONS: Readonly<Record<string, string>> = {
  st1: 'neither its lead nor its unit is told',
  st2: 'neither its lead nor its unit is told',
  st3: 'neither its lead nor its unit is told',
};

const STAY = 'patientunitstayid';
const TIME = 'observationoffset';
const IDS: readonly string[] = [STAY, TIME, 'vitalperiodicid', 'vitalaperiodicid'];
const MINUTE_MS = 60_000;

const namesOf = (header: readonly string[]): string[] => header.map((heading) => heading.toLowerCase());

export const isEicu = (header: readonly string[]): boolean => {
  const names = namesOf(header);
  return names.includes(STAY) && names.includes(TIME) && names.some((name) => COLUMNS[name] !== undefined);
};

const meaningOf = (column: string): Meaning<VitalId> | Unusable =>
  COLUMNS[column] ?? { why: REASONS[column] ?? 'not a vital sign of the catalogue' };

export const parseEicu = ({ path, name, text }: SourceFile): SmallRecording => {
  const [header = [], ...rows] = parseCsv(text);
  const columns = namesOf(header);
  mustBeOneStay(
    path,
    STAY,
    rows.map((row) => row[columns.indexOf(STAY)] ?? ''),
  );
  const moments = createMoments(name, 'eICU vital signs');
  for (const [index, row] of rows.entries()) {
    const numberIn = (column: string): number | null | undefined => {
      const cell = row[columns.indexOf(column)] ?? '';
      if (cell === '') return undefined;
      const value = parseNumber(cell);
      if (value !== undefined) return value;
      throw new UserError(`${path} row ${index + 2}: ${column} is not a number: ${cell}`);
    };
    const minutes = numberIn(TIME);
    if (typeof minutes !== 'number') throw new UserError(`${path} row ${index + 2}: ${TIME} is missing`);
    for (const column of columns) {
      if (IDS.includes(column)) continue;
      const value = numberIn(column);
      if (value === undefined) continue;
      const found = meaningOf(column);
      const unit = 'unit' in found ? found.unit : undefined;
      moments.add({ from: column, unit, found, value, atMs: minutes * MINUTE_MS });
    }
  }
  return moments.finish();
};
