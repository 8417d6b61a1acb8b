import { z } from 'zod';
import { Annotation, NewAnnotation } from '#contracts/http/annotations.ts';
import { requireBed } from '../beds/queries.ts';
import { inTransaction } from '../database/query.ts';
import { recordAudit } from '../database/record-audit.ts';
import { actorOf } from '../http/identity.ts';
import { invalid } from '../http/problems.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ById, ByNumber, findErrors, Range, rangeOf, writeErrors } from '../http/schemas.ts';
import { addAnnotation, listAnnotations, retractAnnotation } from './queries.ts';

const ByAnnotation = ById.extend({ annotation: ByNumber.shape.id });

const tags = ['Annotations'];

type Deps = Pick<RouteDeps, 'database' | 'clock'>;

const listRoute = (app: ApiApp, { database, clock }: Deps): void => {
  app.get(
    '/beds/:id/annotations',
    {
      schema: {
        tags,
        summary: 'Notes about a bed in a range of time, those taken back among them',
        params: ById,
        querystring: z.object(Range),
        response: { 200: z.array(Annotation), ...findErrors },
      },
    },
    async ({ params: { id }, query }) => {
      await requireBed(database, id);
      return listAnnotations(database, { bed: id, ...rangeOf(query, clock) });
    },
  );
};

const addRoute = (app: ApiApp, { database }: Deps): void => {
  app.post(
    '/beds/:id/annotations',
    {
      schema: {
        tags,
        summary: 'Write a note about a time, or a range of time, at a bed',
        params: ById,
        body: NewAnnotation,
        response: { 201: Annotation, ...writeErrors },
      },
    },
    async (request, reply) => {
      const { id: bed } = request.params;
      const { at, until, text } = request.body;
      if (until !== null && Date.parse(until) <= Date.parse(at)) throw invalid('until must be after at');
      const author = actorOf(request);
      await requireBed(database, bed);
      const note = await inTransaction(database, async (client) => {
        const added = await addAnnotation(client, { bed, at, until, text, author });
        const untilText = added.until === null ? null : new Date(added.until).toISOString();
        const detail = { bed, at: new Date(added.at).toISOString(), until: untilText };
        await recordAudit(client, { actor: author, action: 'annotation:create', subject: String(added.id), detail });
        return added;
      });
      return reply.code(201).send(note);
    },
  );
};

const retractRoute = (app: ApiApp, { database }: Deps): void => {
  app.delete(
    '/beds/:id/annotations/:annotation',
    {
      schema: {
        tags,
        summary: 'Take a note back; it stays readable',
        params: ByAnnotation,
        response: { 204: z.undefined().describe('Taken back'), ...writeErrors },
      },
    },
    async (request, reply) => {
      const { id: bed, annotation: id } = request.params;
      const author = actorOf(request);
      await inTransaction(database, async (client) => {
        await retractAnnotation(client, { bed, id, author });
        const subject = String(id);
        await recordAudit(client, { actor: author, action: 'annotation:retract', subject, detail: { bed } });
      });
      return reply.code(204).send();
    },
  );
};

/** Notes about a time at a bed. They are never changed; one can be taken back, and is then shown as that. */
export const annotationRoutes = (app: ApiApp, deps: Deps): void => {
  listRoute(app, deps);
  addRoute(app, deps);
  retractRoute(app, deps);
};
