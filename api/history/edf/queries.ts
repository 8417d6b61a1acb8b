import type { ConditionId, Priority } from '#domain/alarms/conditions.ts';
import type { VitalId } from '#domain/vitals.ts';
import type { WaveId } from '#domain/waveforms.ts';
import { type Queryable, query } from '../../database/query.ts';

/** What is stored of a bed's waves, without the samples. */

export type StoredBlock = {
  readonly signal: WaveId;
  /** When the first sample was, epoch milliseconds. */
  readonly timeMs: number;
  readonly rate: number;
  readonly count: number;
  /** null: all its samples are missing. */
  readonly low: number | null;
  readonly high: number | null;
};

const TIMEOUT_MS = 60_000;

/** The blocks that start in [from, to). */
export const listBlocks = async (
  database: Queryable,
  { bed, signals, from, to }: { bed: string; signals: readonly WaveId[]; from: Date; to: Date },
): Promise<StoredBlock[]> => {
  const rows = await query<{
    signal: WaveId;
    time: Date;
    rate: number;
    count: number;
    low: number | null;
    high: number | null;
  }>(
    database,
    `select series.signal, block.time, block.rate, block.count, block.low, block.high
     from series cross join lateral (
       select time, rate, cardinality(samples) as count, span.low, span.high
       from waves cross join lateral (
         select min(sample) as low, max(sample) as high from unnest(samples) as sample where sample <> 'NaN'
       ) as span
       where series_id = series.id and time >= $3 and time < $4
     ) as block
     where series.bed_id = $1 and series.signal = any($2::text[])`,
    [bed, signals, from, to],
    TIMEOUT_MS,
  );
  return rows.map(({ time, ...row }) => ({ ...row, timeMs: time.getTime() }));
};

export type StoredAlarm = {
  readonly condition: ConditionId;
  readonly vital: VitalId | null;
  readonly priority: Priority;
  readonly decided_at: Date;
  readonly ended_at: Date | null;
};

/** The alarms that were announced at a bed in [from, to), by time. */
export const listAnnounced = (database: Queryable, bed: string, from: Date, to: Date): Promise<StoredAlarm[]> =>
  query<StoredAlarm>(
    database,
    `select condition, vital, priority, decided_at, ended_at from alarms
     where bed_id = $1 and decided_at >= $2 and decided_at < $3 and not late order by decided_at, id`,
    [bed, from, to],
  );
