import type { VITAL_IDS } from '#domain/vitals.ts';
import type { RowContext } from './row.ts';
import type { BenchDatabase } from './server.ts';

/** Past days of a bed as a ward would have stored them, made in the database itself. */

const DAY_MS = 86_400_000;

const VITALS = ['heart-rate', 'spo2', 'respiratory-rate', 'temperature'] satisfies (typeof VITAL_IDS)[number][];
const WAVES = ['ecg-ii', 'pleth'] as const;
const RATE_HZ = 250;
const HOURS = 24;
const TREND_DAYS = 7;

/** One bed's waves of [fromMs, toMs), and its vitals of [trendFromMs, toMs). */
export type History = {
  readonly bed: string;
  readonly vitals: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly trendFromMs: number;
};

const seriesOf = (database: BenchDatabase, bed: string, signals: readonly string[]) =>
  database.query<{ id: number }>(
    `insert into series (device_id, signal, bed_id, encounter_id)
     select device_id, signal, bed_id, encounters.id
     from device_assignments join encounters using (bed_id), unnest($2::text[]) as signal where bed_id = $1 returning id`,
    [bed, signals],
  );

/** A day of two waves of the first bed in blocks of a second, and seven days of four vitals at 1 Hz. */
export const fillHistory = async (
  database: BenchDatabase,
  [bed = '']: readonly string[],
  { progress }: Pick<RowContext, 'progress'>,
): Promise<History> => {
  // Up to yesterday, so that nothing of it is live.
  const toMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const ids = (rows: readonly { id: number }[]) => rows.map(({ id }) => id);
  const waves = ids(await seriesOf(database, bed, WAVES));
  const vitals = ids(await seriesOf(database, bed, VITALS));
  for (let hour = 0; hour < HOURS; hour++) {
    progress(hour, HOURS, 'writing a day of waves');
    await database.query(
      `insert into waves (time, received_at, series_id, rate, late, samples)
       select second, second, series_id, ${RATE_HZ}, false,
         (select array_agg((sin(n / 20.0) + n % 7 / 50.0)::real) from generate_series(1, ${RATE_HZ}) as n)
       from generate_series($1::timestamptz, $1::timestamptz + interval '3599 seconds', interval '1 second') as second,
         unnest($2::int[]) as series_id`,
      [new Date(toMs - DAY_MS + hour * 3_600_000), waves],
    );
  }
  for (let day = 0; day < TREND_DAYS; day++) {
    progress(day, TREND_DAYS, 'writing days of vitals');
    await database.query(
      `insert into vitals (time, received_at, value, series_id, quality, late)
       select second, second, 60 + 20 * random(), series_id, 0, false
       from generate_series($1::timestamptz, $1::timestamptz + interval '86399 seconds', interval '1 second') as second,
         unnest($2::int[]) as series_id`,
      [new Date(toMs - (day + 1) * DAY_MS), vitals],
    );
  }
  await database.query('vacuum analyze');
  return { bed, vitals: VITALS, fromMs: toMs - DAY_MS, toMs, trendFromMs: toMs - TREND_DAYS * DAY_MS };
};
