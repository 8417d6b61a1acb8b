import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Trends } from '#contracts/http/trends.ts';
import { WavesPage } from '#contracts/http/waves.ts';
import { Id } from '#domain/id.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { WAVE_IDS } from '#domain/waveforms.ts';
import { requireBed } from '../beds/queries.ts';
import { workFor } from '../http/leaving.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ById, findErrors, listOf, Range, rangeOf } from '../http/schemas.ts';
import { recordingRoute } from './edf/route.ts';
import { readingsRoute } from './readings-csv.ts';

const MAX_SAMPLES = 100_000;

const tags = ['History'];

type Deps = Pick<RouteDeps, 'database' | 'clock' | 'archive'>;

/** Bytes are sent as they are: the schema describes the text in them. */
const sendJson = (reply: FastifyReply, bytes: Uint8Array): FastifyReply =>
  reply.type('application/json; charset=utf-8').send(bytes);

const trendsRoute = (app: ApiApp, { clock, archive }: Deps): void => {
  app.get(
    '/beds/:id/trends',
    {
      schema: {
        tags,
        summary: 'Vitals of a bed over time, in buckets that keep the lowest and the highest value',
        description: 'Values of invalid quality do not count. Long ranges are read from one-minute rollups if stored.',
        params: ById,
        querystring: z.object({
          ...Range,
          vitals: listOf(VITAL_IDS),
          device: Id.optional().describe('what this device measured; left out: all devices of the bed'),
          points: z.coerce.number().int().min(2).max(5_000).default(500).describe('at most so many a vital'),
        }),
        response: { 200: Trends, ...findErrors },
      },
    },
    async ({ params, query: { vitals, device, points, ...range } }, reply) => {
      const request = { bed: params.id, device, vitals, points, ...rangeOf(range, clock) };
      return sendJson(reply, await workFor(reply, (leaving) => archive.trends(request, leaving)));
    },
  );
};

const wavesRoute = (app: ApiApp, { database, clock, archive }: Deps): void => {
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
    async ({ params, query: { signals, ...range } }, reply) => {
      const { fromMs, toMs } = rangeOf(range, clock);
      await requireBed(database, params.id);
      const [from, to] = [new Date(fromMs), new Date(toMs)];
      const request = { bed: params.id, signals, from, to, maxSamples: MAX_SAMPLES };
      return sendJson(reply, await workFor(reply, (leaving) => archive.waves(request, leaving)));
    },
  );
};

/** What was measured, of any time. */
export const historyRoutes = (app: ApiApp, deps: Deps): void => {
  trendsRoute(app, deps);
  wavesRoute(app, deps);
  readingsRoute(app, deps);
  recordingRoute(app, deps);
};
