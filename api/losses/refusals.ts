import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refusal } from '#contracts/http/refusals.ts';
import type { RefusalRecord } from '#contracts/ports/refusal-record.ts';
import { ById, readErrors } from '../http/schemas.ts';

const tags = ['Losses'];

/** Why a device is not let in, or not listened to. From memory: it answers with the database stopped, and begins anew at each start. */
export const refusalRoutes =
  ({ refusals }: { refusals: RefusalRecord }): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/devices/:id/refusals',
      {
        schema: {
          tags,
          summary: 'What a device was refused over MQTT since the station started, the newest first',
          params: ById,
          response: { 200: z.array(Refusal), ...readErrors },
        },
      },
      async (request) => [...refusals.ofDevice(request.params.id)],
    );

    app.get(
      '/refusals',
      {
        schema: {
          tags,
          summary: 'The same of peers that are no device: unknown user names, integrations, and who gave no name',
          response: { 200: z.array(Refusal), ...readErrors },
        },
      },
      async () => [...refusals.ofOthers()],
    );
  };
