import { TimescaleDB } from '@timescaledb/core';
import type pg from 'pg';
import type { Logger } from '#platform/log.ts';
import { ensureOneTable } from './partitioning.ts';

/** A day is what retention drops at once, and what 1,000 beds write in about 10 GB: it should not outgrow memory. */
const CHUNK_INTERVAL = '1 day';

/** Chunks younger than this take the backfill of a bed that was away for a night: cheaper before compression. */
const COMPRESS_AFTER = '3 days';

const hypertable = (table: string) =>
  TimescaleDB.createHypertable(table, {
    by_range: { column_name: 'time' },
    compression: {
      compress: true,
      compress_segmentby: 'series_id',
      compress_orderby: 'time',
      policy: { schedule_interval: COMPRESS_AFTER },
    },
  });

/** Turns the table into a hypertable, with the rows that are in it. The library can name neither interval nor options. */
export const ensureHypertable = async (client: pg.ClientBase, table: string, log: Logger): Promise<void> => {
  const { rows } = await client.query<{ is_hypertable: boolean }>(hypertable(table).inspect().build());
  if (rows[0]?.is_hypertable) return;
  log.info(
    { table },
    'turning a table into a hypertable: its rows are moved, which takes about a minute for 10 million',
  );
  // However many rows: a statement that is broken off would begin at the first one again.
  await client.query(`select set_config('statement_timeout', '0', false)`);
  await ensureOneTable(client, table, () =>
    // No default index on time alone: every question names the series, and (series_id, time) answers it.
    client.query(
      `select create_hypertable($1::regclass, by_range('time', $2::interval),
         create_default_indexes => false, migrate_data => true, if_not_exists => true)`,
      [table, CHUNK_INTERVAL],
    ),
  );
};

/** Compression and its policy. Community licence. */
export const ensureCompression = async (client: pg.ClientBase, table: string): Promise<void> => {
  const { rows } = await client.query<{ compression_enabled: boolean }>(
    'select compression_enabled from timescaledb_information.hypertables where hypertable_name = $1',
    [table],
  );
  if (rows[0]?.compression_enabled) return;
  // The first statement the library writes makes the hypertable, which is there.
  const [, ...statements] = hypertable(table)
    .up()
    .build()
    .split(/(?<=;)\n/);
  for (const statement of statements) await client.query(statement);
  // A late reading or a correction unpacks the batch of up to 1,000 rows it falls into; a night's backfill of a ward
  // passes the default bound of 100,000 rows a transaction, and would then be refused for ever.
  await client.query(
    `do $$ begin
       execute format('alter database %I set timescaledb.max_tuples_decompressed_per_dml_transaction = 0', current_database());
     end $$`,
  );
};
