import { z } from 'zod';
import { Trends } from '#contracts/http/trends.ts';
import { WavesPage } from '#contracts/http/waves.ts';
import type { BedRange, TrendRequest, WavesRequest } from '#contracts/ports/archive.ts';
import type { Database } from '#platform/database.ts';
import type { Queryable } from '../database/query.ts';
import { csvRecord } from '../http/csv.ts';
import { READING_COLUMNS, streamReadings } from './readings.ts';
import { readTrends } from './trends.ts';
import { readWaves } from './waves.ts';

/** What is stored, as the bytes that are sent. It is made where it may take its time, not where requests are answered. */

const jsonOf = <Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>): Buffer =>
  Buffer.from(JSON.stringify(z.encode(schema, value)));

export const trendsJson = async (database: Queryable, request: TrendRequest): Promise<Buffer> =>
  jsonOf(Trends, await readTrends(database, request));

export const wavesJson = async (database: Queryable, request: WavesRequest): Promise<Buffer> =>
  jsonOf(WavesPage, await readWaves(database, request));

export async function* readingsCsv(database: Database, range: BedRange): AsyncGenerator<Buffer, void> {
  yield Buffer.from(csvRecord(READING_COLUMNS));
  for await (const rows of streamReadings(database, range)) yield Buffer.from(rows.map(csvRecord).join(''));
}
