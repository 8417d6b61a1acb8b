import { VITALS_A_MESSAGE } from '../load/packets.ts';
import type { BenchDatabase } from './server.ts';

const STORED = `
select device_id as device, count(*)::float8 as readings
from vitals join series on series.id = vitals.series_id where time >= $1 group by device_id`;

/** Readings that were acknowledged, measured from `since` on, and are not in the database. */
export const countMissing = async (
  database: Pick<BenchDatabase, 'query'>,
  ackedByDevice: Readonly<Record<string, number>>,
  since: Date,
): Promise<number> => {
  const rows = await database.query<{ device: string; readings: number }>(STORED, [since]);
  const stored = new Map(rows.map(({ device, readings }) => [device, readings]));
  return Object.entries(ackedByDevice).reduce(
    (sum, [device, count]) => sum + Math.max(0, count * VITALS_A_MESSAGE - (stored.get(device) ?? 0)),
    0,
  );
};
