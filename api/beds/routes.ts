import { z } from 'zod';
import { Bed, BedFields } from '#contracts/http/beds.ts';
import { Id } from '#domain/id.ts';
import { refuseSettingsMismatch } from '../alarm-settings/rules.ts';
import { refuseNewId } from '../http/new-id.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ById, readErrors, writeErrors } from '../http/schemas.ts';
import { isBed, listBeds, putBed } from './queries.ts';

const tags = ['Registry'];

type Deps = Pick<RouteDeps, 'database' | 'write'>;

const listRoute = (app: ApiApp, { database }: Deps): void => {
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
};

const putRoute = (app: ApiApp, { write }: Deps): void => {
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
        refuseNewId(bed.id, await isBed(client, bed.id));
        await putBed(client, bed);
        await refuseSettingsMismatch(client, { bed: bed.id });
        return { subject: bed.id, detail: request.body, result: bed };
      });
    },
  );
};

export const bedRoutes = (app: ApiApp, deps: Deps): void => {
  listRoute(app, deps);
  putRoute(app, deps);
};
