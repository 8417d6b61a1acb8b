import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { requireBed } from '../beds/queries.ts';
import { csvRecord } from '../http/csv.ts';
import { createExportLimit } from '../http/export-limit.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ById, findErrors, Range, rangeOf } from '../http/schemas.ts';
import { READING_COLUMNS, streamReadings } from './readings.ts';

const MAX_EXPORTS = 3;

type Deps = Pick<RouteDeps, 'database' | 'clock'>;

export const readingsRoute = (app: ApiApp, { database, clock }: Deps): void => {
  const exports = createExportLimit(MAX_EXPORTS);
  app.get(
    '/beds/:id/readings.csv',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['History'],
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
      const end = exports.begin();
      const text = Readable.from(csvOf(streamReadings(database, { bed: params.id, ...range })), {
        objectMode: false,
      });
      text.once('close', end);
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
