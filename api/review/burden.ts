import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Burden, type BurdenRow } from '#contracts/http/review.ts';
import { Id } from '#domain/id.ts';
import { requireBed } from '../beds/queries.ts';
import { requireDatabase } from '../database/query.ts';
import { csvRecord } from '../http/csv.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { findErrors, Range, rangeOf } from '../http/schemas.ts';
import { requireUnit } from '../units/queries.ts';
import { rejectAsProblem } from './problems.ts';

type Deps = Pick<RouteDeps, 'database' | 'clock' | 'review'>;

const BURDEN_COLUMNS = [
  'unit',
  'bed',
  'day',
  'priority',
  'condition',
  'kind',
  'alarms',
  'announcements',
  'totalMs',
  'medianMs',
  'under15s',
  'unacknowledgedOver60s',
  'repeatsWithin5min',
  'chattering',
  'standingOver24h',
  'late',
] as const satisfies readonly (keyof BurdenRow)[];

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
          format: z.enum(['json', 'csv']).default('json').describe('csv: the rows alone'),
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
      const burden = await review.burden({ unit, bed, ...rangeOf(range, clock) }).catch(rejectAsProblem);
      if (format === 'json') return reply.send(burden);
      const records = burden.rows.map((row) => csvRecord(BURDEN_COLUMNS.map((column) => row[column])));
      // A text is sent as it is: the schema of JSON is not for it.
      const untyped: FastifyReply = reply;
      return untyped
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', 'attachment; filename="alarm-burden.csv"')
        .serializer((text: string) => text)
        .send(`${csvRecord(BURDEN_COLUMNS)}${records.join('')}`);
    },
  );
};
