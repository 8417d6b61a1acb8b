import { z } from 'zod';
import { Assignment, AssignmentChange, NewAssignment } from '#contracts/http/assignments.ts';
import { Id } from '#domain/id.ts';
import { changed } from '../database/changed.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ByNumber, Flag, readErrors, writeErrors } from '../http/schemas.ts';
import { createStay, listStays, putStay, readStay, STAYS, type Stay } from './queries.ts';

const kind = STAYS.assignments;

const toAssignment = ({ id, guest, bed, start, end }: Stay<string>): Assignment => ({
  id,
  device: guest,
  bed,
  start: Date.parse(start),
  end: end === null ? null : Date.parse(end),
});

const tags = ['Registry'];

type Deps = Pick<RouteDeps, 'database' | 'clock' | 'write'>;

const listRoute = (app: ApiApp, { database }: Deps): void => {
  app.get(
    '/assignments',
    {
      schema: {
        tags,
        summary: 'Which device was at which bed when, the newest first',
        querystring: z.object({
          device: Id.optional(),
          bed: Id.optional(),
          open: Flag.optional(),
        }),
        response: { 200: z.array(Assignment), ...readErrors },
      },
    },
    async ({ query: { device, bed, open } }) =>
      (await listStays<string>(database, kind, { guest: device, bed, open })).map(toAssignment),
  );
};

const beginRoute = (app: ApiApp, { clock, write }: Deps): void => {
  app.post(
    '/assignments',
    {
      schema: {
        tags,
        summary: 'Put a device at a bed, from now or from a time on',
        body: NewAssignment,
        response: { 201: Assignment, ...writeErrors },
      },
    },
    async (request, reply) => {
      const { device, bed, start = new Date(clock.now()).toISOString() } = request.body;
      const assignment = await write(request, 'assignment:create', async (client) => {
        const stay = await createStay(client, kind, { guest: device, bed, start, end: null });
        return { subject: String(stay.id), detail: request.body, result: toAssignment(stay) };
      });
      return reply.code(201).send(assignment);
    },
  );
};

const changeRoute = (app: ApiApp, { write }: Deps): void => {
  app.patch(
    '/assignments/:id',
    {
      schema: {
        tags,
        summary: 'End an assignment, or correct it',
        params: ByNumber,
        body: AssignmentChange,
        response: { 200: Assignment, ...writeErrors },
      },
    },
    (request) =>
      write(request, 'assignment:change', async (client) => {
        const { device, ...change } = request.body;
        const present = await readStay<string>(client, kind, request.params.id);
        const stay = await putStay(client, kind, present, changed(present, { ...change, guest: device }));
        return { subject: String(stay.id), detail: request.body, result: toAssignment(stay) };
      }),
  );
};

export const assignmentRoutes = (app: ApiApp, deps: Deps): void => {
  listRoute(app, deps);
  beginRoute(app, deps);
  changeRoute(app, deps);
};
