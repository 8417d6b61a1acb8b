import { z } from 'zod';
import { Burden, type BurdenFormat, type BurdenRow } from '#contracts/http/review.ts';
import { csvRecord } from '../http/csv.ts';

const BURDEN_COLUMNS = [
  'unit',
  'bed',
  'day',
  'priority',
  'condition',
  'kind',
  'alarms',
  'announcements',
  'totalMs',
  'medianMs',
  'under15s',
  'unacknowledgedOver60s',
  'repeatsWithin5min',
  'chattering',
  'standingOver24h',
  'late',
] as const satisfies readonly (keyof BurdenRow)[];

const csvOf = ({ rows }: Burden): string =>
  [BURDEN_COLUMNS, ...rows.map((row) => BURDEN_COLUMNS.map((column) => row[column]))].map(csvRecord).join('');

const TEXTS = {
  json: (burden) => JSON.stringify(z.encode(Burden, burden)),
  csv: csvOf,
} as const satisfies Record<BurdenFormat, (burden: Burden) => string>;

/** The report as it is sent. */
export const burdenBytes = (burden: Burden, format: BurdenFormat): Buffer => Buffer.from(TEXTS[format](burden));
