import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Unit, UnitFields } from '#contracts/http/units.ts';
import type { Database } from '#platform/database.ts';
import type { RegistryWriter } from '../database/registry-writer.ts';
import { ById, readErrors, writeErrors } from '../http/schemas.ts';
import { listUnits, putUnit } from './queries.ts';

const tags = ['Registry'];

export const unitRoutes =
  ({ database, write }: { database: Database; write: RegistryWriter }): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/units', { schema: { tags, summary: 'All units', response: { 200: z.array(Unit), ...readErrors } } }, () =>
      listUnits(database),
    );

    app.put(
      '/units/:id',
      {
        schema: {
          tags,
          summary: 'Create or rename a unit',
          params: ById,
          body: UnitFields,
          response: { 200: Unit, ...writeErrors },
        },
      },
      (request) => {
        const unit = { ...request.body, id: request.params.id };
        return write(request, 'unit:put', async (client) => {
          await putUnit(client, unit);
          return { subject: unit.id, detail: request.body, result: unit };
        });
      },
    );
  };
