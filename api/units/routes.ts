import { z } from 'zod';
import { Unit, UnitFields } from '#contracts/http/units.ts';
import { refuseNewId } from '../http/new-id.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ById, readErrors, writeErrors } from '../http/schemas.ts';
import { isUnit, listUnits, putUnit } from './queries.ts';

const tags = ['Registry'];

type Deps = Pick<RouteDeps, 'database' | 'write'>;

const listRoute = (app: ApiApp, { database }: Deps): void => {
  app.get('/units', { schema: { tags, summary: 'All units', response: { 200: z.array(Unit), ...readErrors } } }, () =>
    listUnits(database),
  );
};

const putRoute = (app: ApiApp, { write }: Deps): void => {
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
        refuseNewId(unit.id, await isUnit(client, unit.id));
        await putUnit(client, unit);
        return { subject: unit.id, detail: request.body, result: unit };
      });
    },
  );
};

export const unitRoutes = (app: ApiApp, deps: Deps): void => {
  listRoute(app, deps);
  putRoute(app, deps);
};
