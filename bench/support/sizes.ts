import type { BenchDatabase } from './server.ts';

export type TableBytes = {
  readonly table: string;
  readonly rows: number;
  /** Rows, what is stored beside them, and the maps of free and visible pages. */
  readonly heapBytes: number;
  readonly indexBytes: number;
  /** Of both, for each row; 0 without rows. */
  readonly bytesPerRow: number;
};

/**
 * What a table takes on disk, with its parts or chunks: of a table whose name stands for others, the server tells only what
 * lies in itself. Rows are counted, so it costs a scan. Not for TimescaleDB's compressed chunks: their rows lie in other tables.
 */
const SIZES = `
  with recursive parts as (
    select $1::regclass::oid as part
    union all
    select inhrelid from pg_inherits join parts on inhparent = part
  )
  select sum(pg_table_size(part))::float8 as heap, sum(pg_indexes_size(part))::float8 as indexes from parts`;

/** The bytes of the table of readings and of the table of waves, for the lines of a result. */
export const measureTableBytes = async (
  database: Pick<BenchDatabase, 'query'>,
  tables: readonly string[] = ['vitals', 'waves'],
): Promise<readonly TableBytes[]> => {
  const measured: TableBytes[] = [];
  for (const table of tables) {
    const [size] = await database.query<{ heap: number; indexes: number }>(SIZES, [table]);
    const [counted] = await database.query<{ rows: number }>(`select count(*)::float8 as rows from ${table}`);
    const { heap: heapBytes = 0, indexes: indexBytes = 0 } = size ?? {};
    const rows = counted?.rows ?? 0;
    measured.push({
      table,
      rows,
      heapBytes,
      indexBytes,
      bytesPerRow: rows === 0 ? 0 : (heapBytes + indexBytes) / rows,
    });
  }
  return measured;
};
