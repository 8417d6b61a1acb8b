import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Trends } from '#contracts/http/trends.ts';
import { WavesPage } from '#contracts/http/waves.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { WAVE_IDS } from '#domain/waveforms.ts';
import type { WallClock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import { requireBed } from '../beds/queries.ts';
import { csvRecord } from '../http/csv.ts';
import { busy } from '../http/problems.ts';
import { ById, findErrors, listOf, Range, rangeOf } from '../http/schemas.ts';
import { READING_COLUMNS, streamReadings } from './readings.ts';
import { readTrends } from './trends.ts';
import { readWaves } from './waves.ts';

const MAX_SAMPLES = 100_000;

/** Each holds a connection to the database for as long as its reader takes. */
const MAX_EXPORTS = 3;

const tags = ['History'];

export const historyRoutes =
  ({ database, clock }: { database: Database; clock: WallClock }): FastifyPluginAsyncZod =>
  async (app) => {
    let runningExports = 0;

    app.get(
      '/beds/:id/trends',
      {
        schema: {
          tags,
          summary: 'Vitals of a bed over time, in buckets that keep the lowest and the highest value',
          description:
            'Values of invalid quality do not count. Long ranges are read from one-minute rollups if stored.',
          params: ById,
          querystring: z.object({
            ...Range,
            vitals: listOf(VITAL_IDS),
            points: z.coerce.number().int().min(2).max(5_000).default(500).describe('at most so many a vital'),
          }),
          response: { 200: Trends, ...findErrors },
        },
      },
      ({ params, query: { vitals, points, ...range } }) =>
        readTrends(database, { bed: params.id, vitals, points, ...rangeOf(range, clock) }),
    );

    app.get(
      '/beds/:id/waves',
      {
        schema: {
          tags,
          summary: 'Waveforms of a bed, a page at a time',
          description: `The blocks that start in the range, by time. A page has about ${MAX_SAMPLES} samples.`,
          params: ById,
          querystring: z.object({ ...Range, signals: listOf(WAVE_IDS) }),
          response: { 200: WavesPage, ...findErrors },
        },
      },
      async ({ params, query: { signals, ...range } }) => {
        const { fromMs, toMs } = rangeOf(range, clock);
        await requireBed(database, params.id);
        return readWaves(database, {
          bed: params.id,
          signals,
          from: new Date(fromMs),
          to: new Date(toMs),
          maxSamples: MAX_SAMPLES,
        });
      },
    );

    app.get(
      '/beds/:id/readings.csv',
      {
        exposeHeadRoute: false,
        schema: {
          tags,
          summary: 'All readings of a bed as CSV, streamed',
          params: ById,
          querystring: z.object(Range),
          response: {
            200: { description: 'CSV (RFC 4180) with a header', content: { 'text/csv': { schema: z.string() } } },
            ...findErrors,
          },
        },
      },
      async ({ params, query }, reply) => {
        const range = rangeOf(query, clock);
        await requireBed(database, params.id);
        if (runningExports >= MAX_EXPORTS) throw busy(`there are ${MAX_EXPORTS} exports already: wait for one to end`);
        runningExports += 1;
        const text = Readable.from(csvOf(streamReadings(database, { bed: params.id, ...range })), {
          objectMode: false,
        });
        text.once('close', () => {
          runningExports -= 1;
        });
        // A stream is sent as it is: the schema describes the text in it.
        const untyped: FastifyReply = reply;
        return untyped
          .type('text/csv; charset=utf-8; header=present')
          .header('content-disposition', `attachment; filename="${params.id}.csv"`)
          .send(text);
      },
    );
  };

async function* csvOf(pages: AsyncIterable<readonly Parameters<typeof csvRecord>[0][]>): AsyncGenerator<string> {
  yield csvRecord(READING_COLUMNS);
  for await (const rows of pages) yield rows.map(csvRecord).join('');
}
