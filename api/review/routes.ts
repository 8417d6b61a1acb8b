import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '#contracts/http/problem.ts';
import {
  Burden,
  type BurdenRow,
  type Review,
  SettingsProblemError,
  WHAT_IF_LINES,
  WhatIf,
  type WhatIfLine,
  WhatIfProposal,
} from '#contracts/http/review.ts';
import { Id } from '#domain/id.ts';
import type { WallClock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import { listBeds, requireBed } from '../beds/queries.ts';
import { requireDatabase, toProblem } from '../database/query.ts';
import { csvRecord } from '../http/csv.ts';
import { invalid, invalidBecause, ProblemError } from '../http/problems.ts';
import { ById, findErrors, Range, rangeOf } from '../http/schemas.ts';
import { requireUnit } from '../units/queries.ts';

const tags = ['Alarm review'];

const HOUR_MS = 3_600_000;
const DEFAULT_MS = 8 * HOUR_MS;
const MAX_MS = 7 * 24 * HOUR_MS;

/** One hour of a bed with eight vitals is about 0.3 s of work. */
const MAX_BED_HOURS = 1_000;

const PROGRESS_EVERY_MS = 200;

const lineOf = (line: WhatIfLine): string => `${JSON.stringify(line)}\n`;

const whatIfReplies = {
  200: {
    description: `The comparison. With \`Accept: ${WHAT_IF_LINES}\`: lines of \`{"done": 0.4, "bed": "…"}\`, then \`{"result": …}\` or \`{"problem": …}\``,
    content: { 'application/json': { schema: WhatIf } },
  },
  429: { description: 'Another is being worked on', content: { 'application/problem+json': { schema: Problem } } },
  ...findErrors,
} as const;

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

const toReviewProblem = (error: unknown): unknown => {
  if (error instanceof ProblemError) return error;
  if (!(error instanceof SettingsProblemError)) return toProblem(error);
  return invalidBecause(error.message, '/overrides', error.problems);
};

type Deps = { database: Database; clock: WallClock; review: Review };

/** Alarms looked back at: with other settings, and how many they were. */
export const reviewRoutes =
  ({ database, clock, review }: Deps): FastifyPluginAsyncZod =>
  async (app) => {
    const answer = async (
      request: FastifyRequest,
      reply: FastifyReply,
      beds: readonly string[],
      { from, to, overrides }: WhatIfProposal,
    ): Promise<FastifyReply> => {
      const toMs = to === undefined ? clock.now() : Date.parse(to);
      const fromMs = from === undefined ? toMs - DEFAULT_MS : Date.parse(from);
      if (fromMs >= toMs) throw invalid('from must be before to');
      if (toMs - fromMs > MAX_MS) throw invalid('a what-if goes over at most 7 days');
      if ((beds.length * (toMs - fromMs)) / HOUR_MS > MAX_BED_HOURS) {
        throw invalid(`beds times hours is at most ${MAX_BED_HOURS}: take fewer hours, or one bed`);
      }
      const leaving = new AbortController();
      reply.raw.once('close', () => leaving.abort(new Error('nobody waits for it any more')));

      const isStreamed = request.headers.accept?.includes(WHAT_IF_LINES) ?? false;
      const lines = new PassThrough();
      let saidAt = 0;
      const onProgress = (done: number, bed: string): void => {
        if (performance.now() - saidAt < PROGRESS_EVERY_MS) return;
        saidAt = performance.now();
        lines.write(lineOf({ done, bed }));
      };
      const working = review.whatIf({
        beds,
        fromMs,
        toMs,
        overrides,
        signal: leaving.signal,
        ...(isStreamed ? { onProgress } : {}),
      });
      if (!working) {
        throw new ProblemError(429, 'busy', 'another what-if is being worked on: one at a time', {
          headers: { 'retry-after': '10' },
        });
      }
      if (!isStreamed)
        return reply.send(await working.catch((error: unknown) => Promise.reject(toReviewProblem(error))));
      working.then(
        (result) => lines.end(lineOf({ result })),
        (error: unknown) => lines.end(lineOf({ problem: problemText(toReviewProblem(error), request) })),
      );
      return reply.type(WHAT_IF_LINES).send(lines);
    };

    app.post(
      '/beds/:id/what-if',
      {
        schema: {
          tags,
          summary: 'The alarms of a bed over past hours with other settings',
          params: ById,
          body: WhatIfProposal,
          response: whatIfReplies,
        },
      },
      async (request, reply) => {
        await requireBed(database, request.params.id);
        return answer(request, reply, [request.params.id], request.body);
      },
    );

    app.post(
      '/units/:id/what-if',
      {
        schema: {
          tags,
          summary: 'The alarms of all beds of a unit over past hours with other settings',
          params: ById,
          body: WhatIfProposal,
          response: whatIfReplies,
        },
      },
      async (request, reply) => {
        await requireUnit(database, request.params.id);
        const beds = await listBeds(database, { unit: request.params.id });
        return answer(
          request,
          reply,
          beds.map(({ id }) => id),
          request.body,
        );
      },
    );

    app.get(
      '/alarms/burden',
      {
        schema: {
          tags,
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
        const burden = await review
          .burden({ unit, bed, ...rangeOf(range, clock) })
          .catch((error: unknown) => Promise.reject(toReviewProblem(error)));
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

/** In the middle of an answer the status has been sent: what went wrong is its last line. */
const problemText = (error: unknown, request: FastifyRequest): string => {
  if (!(error instanceof ProblemError)) {
    request.log.error({ err: error }, 'a what-if failed');
    return 'it failed inside the station';
  }
  return [error.message, ...(error.faults ?? []).map(({ message }) => message)].join('; ');
};
