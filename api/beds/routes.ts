import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Bed, BedFields } from '#contracts/http/beds.ts';
import { Id } from '#domain/id.ts';
import type { Database } from '#platform/database.ts';
import { refuseSettingsMismatch } from '../alarm-settings/rules.ts';
import type { RegistryWriter } from '../database/registry-writer.ts';
import { ById, readErrors, writeErrors } from '../http/schemas.ts';
import { listBeds, putBed } from './queries.ts';

const tags = ['Registry'];

export const bedRoutes =
  ({ database, write }: { database: Database; write: RegistryWriter }): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/beds',
      {
        schema: {
          tags,
          summary: 'All beds, or those of a unit',
          querystring: z.object({ unit: Id.optional() }),
          response: { 200: z.array(Bed), ...readErrors },
        },
      },
      (request) => listBeds(database, request.query),
    );

    app.put(
      '/beds/:id',
      {
        schema: {
          tags,
          summary: 'Create a bed, change its label, or move it to another unit',
          params: ById,
          body: BedFields,
          response: { 200: Bed, ...writeErrors },
        },
      },
      (request) => {
        const bed = { ...request.body, id: request.params.id };
        return write(request, 'bed:put', async (client) => {
          await putBed(client, bed);
          await refuseSettingsMismatch(client, { bed: bed.id });
          return { subject: bed.id, detail: request.body, result: bed };
        });
      },
    );
  };
