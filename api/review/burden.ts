import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { BURDEN_FORMATS, Burden, type BurdenFormat } from '#contracts/http/review.ts';
import { Id } from '#domain/id.ts';
import { requireBed } from '../beds/queries.ts';
import { requireDatabase } from '../database/query.ts';
import { workFor } from '../http/leaving.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { findErrors, Range, rangeOf } from '../http/schemas.ts';
import { requireUnit } from '../units/queries.ts';
import { rejectAsProblem } from './problems.ts';

type Deps = Pick<RouteDeps, 'database' | 'clock' | 'review'>;

const CONTENT_TYPES = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
} as const satisfies Record<BurdenFormat, string>;

/** How many alarms there were: the report, or its rows as CSV. */
export const burdenRoute = (app: ApiApp, { database, clock, review }: Deps): void => {
  app.get(
    '/alarms/burden',
    {
      schema: {
        tags: ['Alarm review'],
        summary: 'How many alarms there were, how long, how often, of whom',
        description: 'Late alarms, which were never announced, are counted apart. Days are of UTC.',
        querystring: z.object({
          unit: Id.optional(),
          bed: Id.optional(),
          ...Range,
          format: z.enum(BURDEN_FORMATS).default('json').describe('csv: the rows alone'),
        }),
        response: {
          200: {
            description: 'The report',
            content: { 'application/json': { schema: Burden }, 'text/csv': { schema: z.string() } },
          },
          ...findErrors,
        },
      },
    },
    async ({ query: { unit, bed, format, ...range } }, reply) => {
      await requireDatabase(database);
      if (unit !== undefined) await requireUnit(database, unit);
      if (bed !== undefined) await requireBed(database, bed);
      const asked = { unit, bed, ...rangeOf(range, clock) };
      const bytes = await workFor(reply, (leaving) => review.burden(asked, format, leaving)).catch(rejectAsProblem);
      // Bytes are sent as they are: the schema describes the text in them.
      const untyped: FastifyReply = reply;
      if (format === 'csv') untyped.header('content-disposition', 'attachment; filename="alarm-burden.csv"');
      return untyped.type(CONTENT_TYPES[format]).send(bytes);
    },
  );
};
