import pg from 'pg';
import type { DatabaseClient } from '#platform/database.ts';
import { writeVitals } from '../../ingest/statements/vitals.ts';
import type { VitalColumns } from '../../ingest/vital-columns.ts';
import { VITALS_A_MESSAGE } from '../load/packets.ts';
import { observe } from '../support/observe.ts';
import type { RowContext } from '../support/row.ts';

/** About what the writer's batch holds. */
const BATCH_ROWS = 20_000;
const WARM_UP_MS = 2_000;

/**
 * What the database takes from the station's own statement, in the same kind of table and database, with nothing else
 * running: one connection, one transaction a batch. Each batch goes on where the last ended, bed after bed.
 */
export const measureUnnest = async ({
  server,
  beds,
  seconds,
  progress,
}: Pick<RowContext, 'server' | 'beds' | 'seconds' | 'progress'>) => {
  const database = await server.createDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  try {
    const client: DatabaseClient = await pool.connect();
    let used = await observe();
    const batches = createBatches(beds);
    let rows = 0;
    let measuredSince = performance.now();
    let warm = false;
    for (;;) {
      const elapsedMs = performance.now() - measuredSince;
      if (!warm && elapsedMs > WARM_UP_MS) {
        warm = true;
        rows = 0;
        measuredSince = performance.now();
        used = await observe();
      } else if (warm && elapsedMs > seconds * 1_000) {
        client.release();
        const readingsPerSecond = (rows * 1_000) / elapsedMs;
        return { readingsPerSecond, batchRows: BATCH_ROWS, rows, usage: await used() };
      }
      rows += (await writeVitals(client, batches())).written;
      progress(Math.min(seconds, elapsedMs / 1_000), seconds, 'unnest alone');
    }
  } finally {
    await pool.end();
    await database.drop();
  }
};

const createBatches = (beds: number): (() => VitalColumns) => {
  const start = Date.now();
  let message = 0;
  return () => {
    const columns = emptyColumns();
    for (const end = message + BATCH_ROWS / VITALS_A_MESSAGE; message < end; message++) {
      const bed = message % beds;
      // The times are as far apart as those of beds that send 15 times a second.
      const time = start + Math.floor(message / beds) * 66 + (bed % 66);
      for (let vital = 0; vital < VITALS_A_MESSAGE; vital++) {
        columns.time.push(time);
        columns.receivedAt.push(time + 1);
        columns.value.push(60 + vital);
        columns.seriesId.push(bed * VITALS_A_MESSAGE + vital + 1);
        columns.quality.push(0);
        columns.late.push(0);
      }
    }
    return columns;
  };
};

const emptyColumns = () =>
  ({ time: [], receivedAt: [], value: [], seriesId: [], quality: [], late: [] }) as Record<
    keyof VitalColumns,
    number[]
  >;
