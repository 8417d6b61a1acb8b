import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { WAVE_IDS } from '#domain/waveforms.ts';
import { requireBed } from '../../beds/queries.ts';
import { createExportLimit } from '../../http/export-limit.ts';
import { workFor } from '../../http/leaving.ts';
import { invalid } from '../../http/problems.ts';
import type { ApiApp, RouteDeps } from '../../http/route.ts';
import { ById, findErrors, listOf, Range, rangeOf } from '../../http/schemas.ts';

const MAX_HOURS = 24;
const HOUR_MS = 3_600_000;

/** Each keeps in memory which seconds of its day there are: some megabytes. They take turns in the archive. */
const MAX_EXPORTS = 12;

type Deps = Pick<RouteDeps, 'database' | 'clock' | 'archive'>;

export const recordingRoute = (app: ApiApp, { database, clock, archive }: Deps): void => {
  const exports = createExportLimit(MAX_EXPORTS);
  app.get(
    '/beds/:id/recording.edf',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['History'],
        summary: 'The stored waveforms of a bed as EDF+, streamed',
        description: `At most ${MAX_HOURS} hours, in UTC. Alarms are annotations; nothing tells who the patient is. Where nothing is stored the file has a gap (EDF+D), and a sample that is missing beside others is the lowest value of its signal.`,
        params: ById,
        querystring: z.object({ ...Range, signals: listOf(WAVE_IDS) }),
        response: {
          200: {
            description: 'EDF+; its length is in `content-length`',
            content: { 'application/edf': { schema: z.string().meta({ format: 'binary' }) } },
          },
          ...findErrors,
        },
      },
    },
    async ({ params: { id }, query: { signals, ...range } }, reply) => {
      const { fromMs, toMs } = rangeOf(range, clock);
      if (toMs - fromMs > MAX_HOURS * HOUR_MS) throw invalid(`a recording has at most ${MAX_HOURS} hours`);
      await requireBed(database, id);
      exports.begin(reply.raw);
      const request = { bed: id, signals, fromMs, toMs };
      const { totalBytes, bytes } = await workFor(reply, (leaving) => archive.recording(request, leaving));
      // A stream is sent as it is: the schema describes the bytes in it.
      const untyped: FastifyReply = reply;
      return untyped
        .type('application/edf')
        .header('content-length', totalBytes)
        .header('content-disposition', `attachment; filename="${id}.edf"`)
        .send(Readable.from(bytes, { objectMode: false }));
    },
  );
};
