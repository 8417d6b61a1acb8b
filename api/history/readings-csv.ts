import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { requireBed } from '../beds/queries.ts';
import { createExportLimit } from '../http/export-limit.ts';
import { leavingOf } from '../http/leaving.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ById, findErrors, Range, rangeOf } from '../http/schemas.ts';

const MAX_EXPORTS = 3;

type Deps = Pick<RouteDeps, 'database' | 'clock' | 'archive'>;

export const readingsRoute = (app: ApiApp, { database, clock, archive }: Deps): void => {
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
      exports.begin(reply.raw);
      const lines = archive.readings({ bed: params.id, ...range }, leavingOf(reply));
      // A stream is sent as it is: the schema describes the text in it.
      const untyped: FastifyReply = reply;
      return untyped
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', `attachment; filename="${params.id}.csv"`)
        .send(Readable.from(lines, { objectMode: false }));
    },
  );
};
