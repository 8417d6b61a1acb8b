import type { Database } from '#platform/database.ts';

export type StoredReading = { readonly timeMs: number; readonly value: number | null; readonly quality?: 0 | 1 | 2 };

/** A unit `icu` with a bed and a device at it; gives the id of a new series of the signal. */
export const addSeries = async (database: Database, bed: string, signal: string, device = `${bed}-monitor`) => {
  await database.query(`insert into units values ('icu', 'ICU') on conflict do nothing`);
  await database.query(`insert into beds values ($1, 'icu', $1) on conflict do nothing`, [bed]);
  await database.query(`insert into devices (id, unit_id, secret_hash) values ($1, 'icu', '') on conflict do nothing`, [
    device,
  ]);
  const { rows } = await database.query<{ id: number }>(
    'insert into series (device_id, signal, bed_id) values ($1, $2, $3) returning id',
    [device, signal, bed],
  );
  const [series] = rows;
  if (!series) throw new Error('no series was made');
  return series.id;
};

export const addReadings = async (database: Database, series: number, readings: readonly StoredReading[]) => {
  await database.query(
    `insert into vitals (time, received_at, value, series_id, quality, late)
     select to_timestamp(ms / 1000.0), now(), value, $1, quality, false
     from unnest($2::float8[], $3::float8[], $4::int[]) as t (ms, value, quality)`,
    [
      series,
      readings.map(({ timeMs }) => timeMs),
      readings.map(({ value }) => value),
      readings.map(({ quality = 0 }) => quality),
    ],
  );
};
