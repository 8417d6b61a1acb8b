import type { VitalInput } from '#contracts/mqtt/messages.ts';
import { findVital, type VitalId } from '#domain/vitals.ts';
import { UserError } from '#platform/errors.ts';
import type { Meaning, Unusable } from './columns.ts';
import { parseCsv, parseNumber } from './csv.ts';
import { type Frame, type SmallRecording, type SourceFile, spanOf } from './recording.ts';
import { chooseColumns } from './table.ts';

/**
 * The tables of the PhysioNet challenge of 2019 on sepsis: cells between bars, one row an hour, NaN for what was not
 * measured in that hour. The units are those of the challenge's description.
 * @see https://physionet.org/content/challenge-2019/1.0.0/
 */
const COLUMNS: Readonly<Record<string, { readonly key: string; readonly unit: string }>> = {
  HR: { key: 'heart-rate', unit: 'beats/min' },
  O2Sat: { key: 'spo2', unit: '%' },
  Temp: { key: 'temperature', unit: 'Cel' },
  // Nobody tells whether a cuff or a line measured these, so they have the general codes of blood pressure.
  SBP: { key: '8480-6', unit: 'mmHg' },
  MAP: { key: '8478-0', unit: 'mmHg' },
  DBP: { key: '8462-4', unit: 'mmHg' },
  Resp: { key: 'respiratory-rate', unit: 'breaths/min' },
  EtCO2: { key: 'etco2', unit: 'mmHg' },
};

const REASONS: Readonly<Record<string, string>> = {
  FiO2: 'its unit is not certain: the description says percent, and the files hold fractions too',
  SaO2: 'of a sample of arterial blood, and not of a sensor',
};

const TIME = 'ICULOS';
const HOUR_MS = 3_600_000;

const meaningOf = (heading: string): Meaning<VitalId> | Unusable => {
  const column = COLUMNS[heading];
  const id = column && findVital(column.key);
  return id ? { id, unit: column.unit } : { why: REASONS[heading] ?? 'not a vital sign of the catalogue' };
};

/** Bars are commas to the reader of tables: no cell of these files holds either. */
const cellsOf = (text: string): string[][] => parseCsv(text.replaceAll('|', ','));

export const isChallengePsv = (head: string): boolean => {
  const names = (head.split(/\r?\n/, 1)[0] ?? '').split('|').map((name) => name.trim());
  return ['HR', 'O2Sat', TIME].every((name) => names.includes(name));
};

export const parseChallengePsv = ({ path, name, text }: SourceFile): SmallRecording => {
  const cells = cellsOf(text);
  const timeColumn = cells[0]?.indexOf(TIME) ?? -1;
  const unitOf = (heading: string): string | undefined => COLUMNS[heading]?.unit;
  const { columns, mapped, skipped } = chooseColumns(cells, meaningOf, unitOf, timeColumn);
  const frames: Frame[] = [];
  for (const [index, row] of cells.slice(1).entries()) {
    const numberIn = (what: string, column: number): number | null => {
      const value = parseNumber(row[column] ?? '');
      if (value !== undefined) return value;
      throw new UserError(`${path} row ${index + 2}: ${what} is not a number: ${row[column] ?? 'missing'}`);
    };
    const hour = numberIn(TIME, timeColumn);
    if (hour === null) throw new UserError(`${path} row ${index + 2}: ${TIME}, the hour of the row, is missing`);
    const vitals: Partial<Record<VitalId, VitalInput>> = {};
    for (const { from, id, column, unit } of columns) {
      const value = numberIn(from, column);
      if (value !== null) vitals[id] = unit === undefined ? value : { value, unit };
    }
    if (Object.keys(vitals).length > 0) frames.push({ atMs: Math.round(hour * HOUR_MS), vitals });
  }
  return { name, format: 'PSV of the 2019 challenge', mapped, skipped, span: spanOf(frames), frames };
};
